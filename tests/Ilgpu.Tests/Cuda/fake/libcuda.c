/* A driver without a GPU: device memory is the host's, kernels do nothing but leave their arguments behind.
   FAKE_CUDA_FAIL=function:code   that function fails with the code
   FAKE_CUDA_VERSION, FAKE_CUDA_DEVICES, FAKE_CUDA_MEMORY (bytes), FAKE_CUDA_CAPABILITY (major * 10 + minor),
   FAKE_CUDA_LOCKED_PAGES (0: kernels don't reach them by their address)
   PTX that holds the word REFUSED is refused at the line that holds it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API __attribute__((visibility("default")))
#define FAIL_HERE do { int code = failure(__func__); if (code) return code; } while (0)

typedef struct { int parameters; int dynamic_shared; } function_t;

static uint64_t used;
static uint64_t last_slots[64];
static int last_parameters;
static unsigned last_shape[7];
static int alive;

static long number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text && *text ? atol(text) : otherwise;
}

static int failure(const char *function)
{
    const char *text = getenv("FAKE_CUDA_FAIL");
    size_t length = strlen(function);
    return text && strncmp(text, function, length) == 0 && text[length] == ':' ? atoi(text + length + 1) : 0;
}

static uint64_t memory(void) { return (uint64_t)number("FAKE_CUDA_MEMORY", 1L << 30); }

API int fake_parameters(void) { return last_parameters; }
API uint64_t fake_slot(int index) { return last_slots[index]; }
API unsigned fake_shape(int index) { return last_shape[index]; }
API int fake_alive(void) { return alive; }

API int cuInit(unsigned flags) { FAIL_HERE; return number("FAKE_CUDA_DEVICES", 1) ? 0 : 100; }
API int cuDriverGetVersion(int *version) { FAIL_HERE; *version = (int)number("FAKE_CUDA_VERSION", 13000); return 0; }

API int cuGetErrorName(int code, const char **name)
{
    switch (code) {
    case 1: *name = "CUDA_ERROR_INVALID_VALUE"; return 0;
    case 2: *name = "CUDA_ERROR_OUT_OF_MEMORY"; return 0;
    case 100: *name = "CUDA_ERROR_NO_DEVICE"; return 0;
    case 218: *name = "CUDA_ERROR_INVALID_PTX"; return 0;
    case 700: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; return 0;
    case 999: *name = "CUDA_ERROR_UNKNOWN"; return 0;
    default: return 1;
    }
}

API int cuDeviceGetCount(int *count) { FAIL_HERE; *count = (int)number("FAKE_CUDA_DEVICES", 1); return 0; }
API int cuDeviceGet(int *device, int ordinal) { FAIL_HERE; *device = ordinal; return 0; }
API int cuDeviceGetName(char *name, int length, int device) { FAIL_HERE; snprintf(name, length, "Fake GPU"); return 0; }
API int cuDeviceTotalMem_v2(size_t *bytes, int device) { FAIL_HERE; *bytes = memory(); return 0; }

API int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    FAIL_HERE;
    switch (attribute) {
    case 1: case 2: case 3: *value = 1024; return 0;
    case 4: *value = 64; return 0;
    case 5: *value = 2147483647; return 0;
    case 6: case 7: *value = 65535; return 0;
    case 10: *value = 32; return 0;
    case 16: *value = 4; return 0;
    case 39: *value = 2048; return 0;
    case 75: *value = (int)number("FAKE_CUDA_CAPABILITY", 90) / 10; return 0;
    case 76: *value = (int)number("FAKE_CUDA_CAPABILITY", 90) % 10; return 0;
    case 91: *value = (int)number("FAKE_CUDA_LOCKED_PAGES", 1); return 0;
    case 97: *value = 232448; return 0;
    default: *value = 0; return 0;
    }
}

API int cuDeviceCanAccessPeer(int *can, int first, int second) { FAIL_HERE; *can = 1; return 0; }
API int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags) { FAIL_HERE; return 0; }
API int cuDevicePrimaryCtxRetain(void **context, int device) { FAIL_HERE; *context = &used; alive++; return 0; }
API int cuDevicePrimaryCtxRelease_v2(int device) { FAIL_HERE; alive--; return 0; }
API int cuCtxSetCurrent(void *context) { FAIL_HERE; return 0; }
API int cuCtxSynchronize(void) { FAIL_HERE; return 0; }
API int cuCtxEnablePeerAccess(void *context, unsigned flags) { FAIL_HERE; return 0; }
API int cuCtxDisablePeerAccess(void *context) { FAIL_HERE; return 0; }

API int cuMemAlloc_v2(void **address, size_t bytes)
{
    FAIL_HERE;
    if (bytes > memory() - used) return 2;
    uint64_t *block = malloc(bytes + 256);
    if (!block) return 2;
    block[0] = bytes;
    used += bytes;
    alive++;
    *address = (char *)block + 256;
    return 0;
}

API int cuMemFree_v2(void *address)
{
    FAIL_HERE;
    uint64_t *block = (uint64_t *)((char *)address - 256);
    used -= block[0];
    alive--;
    free(block);
    return 0;
}

API int cuMemGetInfo_v2(size_t *available, size_t *total)
{
    FAIL_HERE;
    *total = memory();
    *available = *total - used;
    return 0;
}

API int cuMemHostAlloc(void **address, size_t bytes, unsigned flags)
{
    FAIL_HERE;
    *address = malloc(bytes);
    alive++;
    return *address ? 0 : 2;
}

API int cuMemFreeHost(void *address) { FAIL_HERE; free(address); alive--; return 0; }
API int cuMemHostRegister_v2(void *address, size_t bytes, unsigned flags) { FAIL_HERE; alive++; return 0; }
API int cuMemHostUnregister(void *address) { FAIL_HERE; alive--; return 0; }

API int cuMemcpyAsync(void *target, void *source, size_t bytes, void *stream)
{
    FAIL_HERE;
    memmove(target, source, bytes);
    return 0;
}

API int cuMemsetD8Async(void *target, unsigned char value, size_t bytes, void *stream)
{
    FAIL_HERE;
    memset(target, value, bytes);
    return 0;
}

static int make(void **handle) { *handle = malloc(1); alive++; return 0; }
static int destroy(void *handle) { free(handle); alive--; return 0; }

API int cuStreamCreate(void **stream, unsigned flags) { FAIL_HERE; return make(stream); }
API int cuStreamDestroy_v2(void *stream) { FAIL_HERE; return destroy(stream); }
API int cuStreamSynchronize(void *stream) { FAIL_HERE; return 0; }
API int cuStreamWaitEvent(void *stream, void *event, unsigned flags) { FAIL_HERE; return 0; }
API int cuStreamBeginCapture_v2(void *stream, int mode) { FAIL_HERE; return 0; }
API int cuStreamEndCapture(void *stream, void **graph) { FAIL_HERE; return make(graph); }
API int cuEventCreate(void **event, unsigned flags) { FAIL_HERE; return make(event); }
API int cuEventDestroy_v2(void *event) { FAIL_HERE; return destroy(event); }
API int cuEventRecord(void *event, void *stream) { FAIL_HERE; return 0; }
API int cuEventSynchronize(void *event) { FAIL_HERE; return 0; }
API int cuEventElapsedTime(float *ms, void *start, void *end) { FAIL_HERE; *ms = 1.5f; return 0; }
API int cuGraphInstantiateWithFlags(void **exec, void *graph, uint64_t flags) { FAIL_HERE; return make(exec); }
#ifndef WITHOUT_GRAPH_LAUNCH
API int cuGraphLaunch(void *exec, void *stream) { FAIL_HERE; return 0; }
#endif
API int cuGraphDestroy(void *graph) { FAIL_HERE; return destroy(graph); }
API int cuGraphExecDestroy(void *exec) { FAIL_HERE; return destroy(exec); }

API int cuModuleLoadDataEx(void **module, const char *ptx, unsigned count, int *options, void **values)
{
    FAIL_HERE;
    const char *refused = strstr(ptx, "REFUSED");
    char *info = NULL, *error = NULL;
    for (unsigned k = 0; k < count; k++) {
        if (options[k] == 3) info = values[k];
        if (options[k] == 5) error = values[k];
    }
    if (refused) {
        int line = 1;
        for (const char *at = ptx; at < refused; at++) line += *at == '\n';
        sprintf(error, "ptxas application ptx input, line %d; error   : Unknown symbol 'REFUSED'\n", line);
        return 218;
    }
    strcpy(info, "ptxas info    : Used 32 registers\n");
    function_t *function = calloc(1, sizeof(function_t));
    const char *body = strchr(ptx, '{');
    for (const char *at = ptx; (at = strstr(at, ".param")) && at < body; at++) function->parameters++;
    alive++;
    *module = function;
    return 0;
}

API int cuModuleUnload(void *module) { FAIL_HERE; return destroy(module); }

API int cuModuleGetFunction(void **function, void *module, const char *name)
{
    FAIL_HERE;
    *function = module;
    return 0;
}

API int cuFuncGetAttribute(int *value, int attribute, function_t *function)
{
    FAIL_HERE;
    switch (attribute) {
    case 0: *value = 1024; return 0;
    case 1: *value = 2048; return 0;
    case 4: *value = 32; return 0;
    case 8: *value = function->dynamic_shared; return 0;
    default: *value = 0; return 0;
    }
}

API int cuFuncSetAttribute(function_t *function, int attribute, int value)
{
    FAIL_HERE;
    if (attribute != 8 || value + 2048 > 232448) return 1;
    function->dynamic_shared = value;
    return 0;
}

API int cuTensorMapEncodeTiled(void *map, int type, unsigned rank, void *address, const unsigned long long *extents,
    const unsigned long long *strides, const unsigned *box, const unsigned *steps, int interleave, int swizzle, int promotion, int fill)
{
    FAIL_HERE;
    (void)type, (void)extents, (void)strides, (void)box, (void)steps, (void)interleave, (void)swizzle, (void)promotion, (void)fill;
    if ((size_t)map % 64 != 0 || (size_t)address % 16 != 0 || rank < 1 || rank > 5) return 1;
    memset(map, 0, 128);
    return 0;
}

API int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *groups, void *function, int group, size_t shared)
{
    FAIL_HERE;
    *groups = 2048 / group;
    return 0;
}

API int cuOccupancyMaxPotentialBlockSize(int *grid, int *group, void *function, void *of, size_t shared, int limit)
{
    FAIL_HERE;
    *group = limit ? limit : 256;
    *grid = 8;
    return 0;
}

API int cuLaunchKernel(
    function_t *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
    unsigned shared, void *stream, void **parameters, void **extra)
{
    FAIL_HERE;
    unsigned limit = function->dynamic_shared ? function->dynamic_shared : 48 * 1024 - 2048;
    if (shared > limit) return 1;
    unsigned shape[] = { gx, gy, gz, bx, by, bz, shared };
    memcpy(last_shape, shape, sizeof(shape));
    last_parameters = function->parameters;
    for (int k = 0; k < function->parameters; k++) memcpy(&last_slots[k], parameters[k], 8);
    return 0;
}

struct launch_attribute { int id; int pad; int value; char rest[60]; };
struct launch_config {
    unsigned gx, gy, gz, bx, by, bz, shared;
    void *stream;
    struct launch_attribute *attributes;
    unsigned count;
};

/* The last attribute that a launch asked for, and its value. */
static int last_attribute[2];
API int fake_attribute(int index) { return last_attribute[index]; }

API int cuLaunchKernelEx(const struct launch_config *config, function_t *function, void **parameters, void **extra)
{
    for (unsigned k = 0; k < config->count; k++) {
        last_attribute[0] = config->attributes[k].id;
        last_attribute[1] = config->attributes[k].value;
    }
    return cuLaunchKernel(
        function, config->gx, config->gy, config->gz, config->bx, config->by, config->bz, config->shared,
        config->stream, parameters, extra);
}
