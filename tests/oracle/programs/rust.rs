// rust.rs: Rust with its standard library: collections, traits, closures, iterators, formatting.
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

trait Animal {
    fn name(&self) -> String;
    fn legs(&self) -> u32 {
        4
    }
}
struct Dog(u8);
struct Bird;
impl Animal for Dog {
    fn name(&self) -> String {
        format!("dog{}", self.0)
    }
}
impl Animal for Bird {
    fn name(&self) -> String {
        "bird".into()
    }
    fn legs(&self) -> u32 {
        2
    }
}

#[no_mangle]
#[inline(never)]
pub extern "C" fn collatz(mut n: u64) -> u32 {
    let mut steps = 0;
    while n != 1 {
        n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 };
        steps += 1;
    }
    steps
}

fn drops() -> Result<i32, String> {
    struct Loud(&'static str);
    impl Drop for Loud {
        fn drop(&mut self) {
            println!("drop {}", self.0);
        }
    }
    let _a = Loud("a");
    let _b = Rc::new(Loud("b"));
    let n: i32 = "x7".parse().map_err(|e| format!("{e:?}"))?;
    Ok(n)
}

fn main() {
    let zoo: Vec<Box<dyn Animal>> = vec![Box::new(Dog(1)), Box::new(Bird), Box::new(Dog(2))];
    for a in &zoo {
        println!("{:>6}|{:<3}|{:.3}", a.name(), a.legs(), a.legs() as f64 / 3.0);
    }
    let mut best = (0..200u64).map(|n| (collatz(n + 1), n + 1)).collect::<Vec<_>>();
    best.sort_by(|a, b| b.cmp(a));
    println!("{:?}", &best[..4]);
    let mut words = BTreeMap::new();
    for w in "one fish two fish red fish blue fish".split(' ') {
        *words.entry(w).or_insert(0) += 1;
    }
    println!("{words:?}");
    let mut seen = HashMap::new();
    let mut queue = VecDeque::from([1u32]);
    while let Some(n) = queue.pop_front() {
        if n < 500 && seen.insert(n, n * n).is_none() {
            queue.extend([n * 2, n + 7]);
        }
    }
    println!("{} {}", seen.len(), seen.values().map(|&v| v as u64).sum::<u64>());
    println!("{:?}", drops());
    println!("{}", i128::MAX / 12345678901234567890);
    std::process::exit(7);
}
