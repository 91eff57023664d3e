using ILGPU;
using IlgpuDca.Ilgpu.Runtime.Cpu;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>Chooses when CPU accelerators perform what Hopper's units would do.</summary>
public static class AsynchronousOperations
{
    /// <summary>When asynchronous copies and multiplications are performed; at their issue unless said.</summary>
    public static Context.Builder Asynchronous(this Context.Builder builder, AsynchronousTiming timing)
    {
        builder.Properties.AsynchronousTiming = timing;
        return builder;
    }
}
