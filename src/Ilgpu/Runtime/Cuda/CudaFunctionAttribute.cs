namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>What the driver knows of a kernel; the values are the driver's CUfunction_attribute.</summary>
enum CudaFunctionAttribute
{
    MaxThreadsPerGroup = 0,
    SharedBytes = 1,
    ConstantBytes = 2,
    LocalBytes = 3,
    Registers = 4,
}
