/* What Debian's libunwind takes from glibc, for musl. */
#include <stdarg.h>
#include <stdio.h>

int __vfprintf_chk(FILE *file, int flag, const char *format, va_list arguments) {
  return vfprintf(file, format, arguments);
}

int __vsnprintf_chk(char *text, size_t length, int flag, size_t size, const char *format, va_list arguments) {
  return vsnprintf(text, length, format, arguments);
}
