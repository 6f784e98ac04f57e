// go.go: Go with its runtime: goroutines, channels, maps, defer and recover, the collector, sorting.
package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

type shape interface{ area() float64 }
type box struct{ a, b float64 }
type disc struct{ r float64 }

func (s box) area() float64  { return s.a * s.b }
func (s disc) area() float64 { return s.r * s.r * 3.25 }

//go:noinline
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func guarded(n int) (text string) {
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint("recovered: ", e)
		}
	}()
	return fmt.Sprint([]int{1, 2, 3}[n])
}

func main() {
	fmt.Println(fib(12))
	numbers, done := make(chan int), make(chan int)
	for w := 0; w < 3; w++ {
		go func() {
			sum := 0
			for n := range numbers {
				sum += n * n
			}
			done <- sum
		}()
	}
	for i := 0; i < 100; i++ {
		numbers <- i
	}
	close(numbers)
	fmt.Println(<-done + <-done + <-done)
	counts := map[string]int{}
	for _, w := range strings.Fields("to be or not to be") {
		counts[w]++
	}
	keys := []string{}
	for k := range counts {
		keys = append(keys, fmt.Sprintf("%s=%d", k, counts[k]))
	}
	sort.Strings(keys)
	fmt.Println(keys, guarded(1), guarded(9))
	total := 0.0
	for _, s := range []shape{box{1, 2}, disc{2}} {
		total += s.area()
	}
	fmt.Printf("%.2f\n", total)
	os.Exit(7)
}
