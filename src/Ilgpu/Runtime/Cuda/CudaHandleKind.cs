namespace IlgpuDca.Ilgpu.Runtime.Cuda;

/// <summary>What a handle of the driver stands for, and so which function frees it.</summary>
enum CudaHandleKind
{
    DeviceMemory,
    HostMemory,
    HostRegistration,
    LockedPages,
    Stream,
    Event,
    Module,
    Graph,
    ExecutableGraph,
}
