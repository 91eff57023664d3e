using ILGPU;

namespace IlgpuDca.Kernels.Sampling;

/// <summary>Logits that a thread has loaded together, for one load after the other would cost a latency each.</summary>
static class LogitBatch
{
    /// <summary>Most of them: a group's run of a vocabulary of 262,144 tokens is one for each of its 256 threads.</summary>
    public const int Count = 8;

    /// <summary>Loads the logits first, first + stride and so on; past the end the last one again.</summary>
    public static ArrayView<float> Load(ArrayView<float> logits, int first, int stride, int end)
    {
        ArrayView<float> loaded = LocalMemory.Allocate<float>(Count);
        for (int i = 0; i < Count; i++)
            loaded[i] = logits[IntrinsicMath.Min(first + i * stride, end - 1)];
        return loaded;
    }
}
