using ILGPU;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Addresses in shared memory as inline PTX takes them.</summary>
public static class SharedAddress
{
    /// <summary>Where an element lies in the group's shared memory, in bytes.</summary>
    public static int Of<T>(ref T element)
        where T : unmanaged => throw InsideKernel.Only("SharedAddress.Of");
}
