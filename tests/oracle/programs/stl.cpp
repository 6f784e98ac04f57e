/*
 * stl.cpp: C++17 with the standard library: containers, algorithms, streams, virtual calls, variants,
 * std::function.
 */
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>
#include "kafu.h"

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};

struct Box : Shape {
    double a, b;
    Box(double a, double b) : a(a), b(b) {}
    double area() const override { return a * b; }
};

struct Disc : Shape {
    double r;
    explicit Disc(double r) : r(r) {}
    ~Disc() override { std::cout << "disc " << r << " gone\n"; }
    double area() const override { return 3.25 * r * r; }
};

KAFU_DEST("edge1")
double total(const std::vector<std::unique_ptr<Shape>> &shapes)
{
    return std::accumulate(shapes.begin(), shapes.end(), 0.0,
                           [](double sum, const auto &shape) { return sum + shape->area(); });
}

static std::optional<int> find(const std::map<std::string, int> &map, const std::string &key)
{
    auto at = map.find(key);
    return at == map.end() ? std::nullopt : std::optional<int>(at->second);
}

int main()
{
    std::vector<std::unique_ptr<Shape>> shapes;
    for (int i = 1; i < 6; i++) {
        shapes.push_back(std::make_unique<Box>(i, i + 0.5));
        shapes.push_back(std::make_unique<Disc>(i));
    }
    std::cout << "total " << total(shapes) << '\n';

    std::map<std::string, int> counts;
    std::istringstream words("to be or not to be that is the question");
    for (std::string word; words >> word;)
        ++counts[word];
    for (const auto &[word, count] : counts)
        std::cout << word << '=' << count << ' ';
    std::cout << find(counts, "be").value_or(-1) << find(counts, "nil").value_or(-1) << '\n';

    std::vector<int> numbers(300);
    std::iota(numbers.begin(), numbers.end(), 1);
    std::stable_sort(numbers.begin(), numbers.end(),
                     [](int a, int b) { return a * 37 % 101 < b * 37 % 101; });
    std::unordered_map<int, std::function<int(int)>> table;
    for (int i = 0; i < 10; i++)
        table[i] = [i](int x) { return x * i + 1; };
    long sum = 0;
    for (int n : numbers)
        sum = (sum * 31 + table[n % 10](n)) % 1000003;
    std::cout << sum << '\n';

    std::vector<std::variant<int, double, std::string>> values{ 1, 2.5, std::string("three") };
    for (const auto &value : values)
        std::visit([](const auto &x) { std::cout << x << ' '; }, value);
    std::cout << std::endl;
    return 7;
}
