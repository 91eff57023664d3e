using System.Runtime.InteropServices;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Native memory with a slot value for kernels; zero at first.</summary>
sealed unsafe class NativeArray<T>(int length) : IDisposable
    where T : unmanaged
{
    readonly T* _data = (T*)NativeMemory.AllocZeroed((nuint)length, (nuint)sizeof(T));

    public ulong Slot => (ulong)_data;

    public Span<T> Span => new(_data, length);

    public void Dispose() => NativeMemory.Free(_data);
}
