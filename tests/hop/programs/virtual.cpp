/*
 * Proves: C++: marked virtual functions called through the base class, marked calls in the
 * constructor of a static object (before main) and in its destructor (after main), in a constructor
 * of a local object and as an argument of another marked call; a lambda and a template around them.
 */
#include "kafu.h"
#include <cstdio>

extern "C" {
KAFU_DEST("edge1")
int scale(int x) {
    return 3 * x;
}
}

class Shape {
  public:
    virtual ~Shape() {
        std::printf("~Shape\n");
    }
    virtual int area() const = 0;
};

class Square : public Shape {
  public:
    explicit Square(int side) : side(scale(side)) {}
    int area() const override;

  private:
    int side;
};

class Strip : public Square {
  public:
    Strip(int side, int length) : Square(side), length(length) {}
    ~Strip() override {
        std::printf("~Strip\n");
    }
    int area() const override {
        return Square::area() + length;
    }

  private:
    int length;
};

KAFU_DEST("cloud1")
int Square::area() const {
    return side * side;
}

class Registry {
  public:
    Registry() : value(scale(5)) {
        std::printf("registry %d\n", value);
    }
    ~Registry() {
        std::printf("closing %d\n", scale(value));
    }

  private:
    int value;
};

static Registry registry;

template <typename Function> static int twice(Function function) {
    return function(1) + function(2);
}

int main() {
    Strip strip(1, 7);
    const Shape *shape = &strip;
    std::printf("area %d\n", shape->area());
    std::printf("twice %d\n", twice([&](int factor) { return factor * shape->area(); }));
    return scale(2);
}
