/*
 * lua.c: Lua runs a script: closures, metatables, string patterns, the collector. There are no
 * errors and no coroutines, whose yield is an error to the interpreter: it is built without setjmp.
 */
#include "lua.h"
#include "kafu.h"
#include "lauxlib.h"
#include "lualib.h"
#include <stdio.h>

static const char script[] =
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
    "print(fib(15))\n"
    "local function counter() local n = 0 return function() n = n + 1 return n end end\n"
    "local a, b = counter(), counter() print(a(), a(), b(), select('#', a(), b()))\n"
    "local V = {} V.__index = V\n"
    "V.__add = function(a, b) return setmetatable({x = a.x + b.x}, V) end\n"
    "local s = setmetatable({x = 0}, V)\n"
    "for i = 1, 500 do s = s + setmetatable({x = i / 8}, V) end print(s.x)\n"
    "local words = {}\n"
    "for w in ('the quick brown fox jumps over the lazy dog'):gmatch('%a+') do\n"
    "  words[#words + 1] = w:gsub('o', '0'):upper() end\n"
    "table.sort(words, function(a, b) return a < b end) print(table.concat(words, ','))\n"
    "local t = {} for i = 1, 2000 do t[i % 37] = {i, tostring(i)} end\n"
    "collectgarbage() local sum = 0 for k, v in pairs(t) do sum = sum + k * v[1] end print(sum)\n"
    "print(string.format('%5.2f %x %q', math.pi, 48879, 'a\\nb'), 7 // 2, 2 ^ 10, 7 % -3)\n";

KAFU_DEST("edge1")
int run_script(lua_State *state) {
    return luaL_dostring(state, script);
}

int main(void) {
    lua_State *state = luaL_newstate();
    luaL_openlibs(state);
    int status = run_script(state);
    lua_close(state);
    printf("status %d\n", status);
    return 7;
}
