using System.Collections.Concurrent;
using System.Reflection;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace IlgpuDca.Model.Tests;

/// <summary>What an accelerator holds right now; it has no public list of its buffers.</summary>
static class LiveBuffers
{
    static readonly FieldInfo _children = typeof(Accelerator).GetField("_children", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingFieldException(nameof(Accelerator), "_children");

    /// <summary>Bytes of each buffer of a CPU accelerator, page-locked ones included.</summary>
    public static IEnumerable<long> Of(Accelerator accelerator) =>
        ((ConcurrentDictionary<AcceleratorObject, byte>)_children.GetValue(accelerator)!).Keys.OfType<CPUMemoryBuffer>().Select(buffer => buffer.LengthInBytes);
}
