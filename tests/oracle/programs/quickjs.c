/*
 * quickjs.c: a JavaScript engine runs a script: closures, classes, generators, promises, regular
 * expressions, exceptions, JSON, big integers.
 */
#include "quickjs.h"
#include "kafu.h"
#include <stdio.h>
#include <string.h>

static const char script[] =
    "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }\n"
    "print(fib(13));\n"
    "class A { constructor(x) { this.x = x } get twice() { return this.x * 2 } }\n"
    "class B extends A { toString() { return `B(${this.x})` } }\n"
    "print(new B(21).twice, String(new B(3)));\n"
    "function* squares(n) { for (let i = 0; i < n; i++) yield i * i }\n"
    "print([...squares(8)].map(x => x + 0.5).reverse().join());\n"
    "print('2026-11-21 and 1999-01-02'.replace(/(\\d+)-(\\d+)-(\\d+)/g, '$3.$2.$1'));\n"
    "try { null.x } catch (e) { print(e.name) }\n"
    "print(JSON.stringify({a: [1, 2, {b: null}], c: 'x\\u00e9'}), JSON.parse('[1,[2]]')[1][0]);\n"
    "let f = 1n; for (let i = 1n; i <= 40n; i++) f *= i; print(f);\n"
    "let m = new Map(); for (let i = 0; i < 400; i++) m.set('k' + i * 7 % 50, i);\n"
    "print(m.size, [...m.values()].sort((a, b) => a - b).slice(0, 5));\n"
    "(async () => { for (let i = 0; i < 3; i++) print('async', await Promise.resolve(i)) })();\n";

static JSValue print(JSContext *context, JSValueConst self, int count, JSValueConst *values) {
    (void)self;
    for (int i = 0; i < count; i++) {
        const char *text = JS_ToCString(context, values[i]);
        printf("%s%s", text, i + 1 < count ? " " : "");
        JS_FreeCString(context, text);
    }
    printf("\n");
    return JS_UNDEFINED;
}

KAFU_DEST("edge1")
int run_script(JSContext *context) {
    JSValue value = JS_Eval(context, script, strlen(script), "script", JS_EVAL_TYPE_GLOBAL);
    int failed = JS_IsException(value);
    JS_FreeValue(context, value);
    return failed;
}

int main(void) {
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *context = JS_NewContext(runtime);
    JSContext *job;
    JSValue global = JS_GetGlobalObject(context);
    JS_SetPropertyStr(context, global, "print", JS_NewCFunction(context, print, "print", 1));
    JS_FreeValue(context, global);
    int failed = run_script(context);
    while (JS_ExecutePendingJob(runtime, &job) > 0)
        ;
    JS_FreeContext(context);
    JS_FreeRuntime(runtime);
    printf("failed %d\n", failed);
    return 7;
}
