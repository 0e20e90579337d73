// The interpreter. Debian's library has its own module `site` in it, which looks for packages in Debian's places:
// that of the source takes its place. site.h is made from it.
#include <Python.h>

#if __has_include("site.h")
static const unsigned char site[] = {
#include "site.h"
};
static const struct _frozen modules[] = {{"site", site, sizeof site, 0}, {NULL, NULL, 0, 0}};
#else
static const struct _frozen modules[] = {{NULL, NULL, 0, 0}};
#endif

int main(int argc, char **argv) {
  PyImport_FrozenModules = modules;
  return Py_BytesMain(argc, argv);
}
