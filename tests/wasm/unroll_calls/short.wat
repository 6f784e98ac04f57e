;; FUNCS: count,sum,ack,main
;; FLAGS: --policy always
;; A copy has its own locals, which are zero at its start; each return leads to its end. In an
;; operand of another call to itself none is taken apart twice: the outer one stays a call.
(module
  (memory 1)
  (func $count (param $tree i32) (result i32)
    (local $left i32)
    (if (i32.eqz (local.get $tree))
      (then (return (i32.const 0))))
    (local.set $left (call $count (i32.load (local.get $tree))))
    (i32.add (i32.add (local.get $left) (i32.const 1))
             (call $count (i32.load offset=4 (local.get $tree)))))
  (func $sum (param $n i32) (result i32) (local $total i32)
    (loop $next
      (if (i32.gt_s (local.get $n) (i32.const 1))
        (then
          (local.set $total (i32.add (local.get $total) (call $sum (i32.sub (local.get $n) (i32.const 1)))))
          (local.set $n (i32.sub (local.get $n) (i32.const 2)))
          (br $next))))
    (i32.add (local.get $n) (local.get $total)))
  (func $ack (param $m i32) (param $n i32) (result i32)
    (if (i32.eqz (local.get $m))
      (then (return (i32.add (local.get $n) (i32.const 1)))))
    (call $ack (i32.sub (local.get $m) (i32.const 1))
      (call $ack (local.get $m) (i32.sub (local.get $n) (i32.const 1)))))
  (func $main (export "_start")
    (drop (call $count (call $sum (call $ack (i32.const 2) (i32.const 3)))))))
