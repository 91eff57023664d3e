using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Loader;

namespace IlgpuDca.Model;

/// <summary>The work buffers of one text's forward passes, for slices of up to Rows tokens. Each is [rows, width], row-major.</summary>
sealed class ActivationBuffers<T> : IDisposable
    where T : unmanaged
{
    readonly List<MemoryBuffer> _owned = [];
    readonly Accelerator _accelerator;

    public ActivationBuffers(Accelerator accelerator, ModelConfig config, DcaGeometry geometry, int rows)
    {
        _accelerator = accelerator;
        Rows = rows;
        try
        {
            Ids = Allocate<int>(rows);
            Targets = Allocate<int>(rows);
            Losses = Allocate<float>(rows);
            Residual = Allocate<float>((long)rows * config.HiddenSize);
            Normed = Allocate<T>((long)rows * config.HiddenSize);
            Qkv = Allocate<T>((long)rows * (config.QueryWidth + 2 * config.KeyValueWidth));
            Queries = Allocate<T>((long)rows * config.QueryWidth * geometry.Variants);
            Attention = Allocate<T>((long)rows * config.QueryWidth);
            GateUp = Allocate<float>(rows * Activations.GateUpElements(config));
            Gated = Allocate<T>((long)rows * config.IntermediateSize);
            Logits = Allocate<float>((long)Math.Min(rows, Activations.LogitRows) * config.VocabularySize);
            Scratch = new DecodingScratch(Allocate<float>(Activations.PartialElements(config)), Allocate<int>(config.Heads));
            Scratch.Arrivals.MemSetToZero();
            Token = Allocate<int>(1);
            Recent = Allocate<int>(RecentCapacity);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Most tokens that sampling penalties can look back.</summary>
    public const int RecentCapacity = 8192;

    /// <summary>Tokens of a slice.</summary>
    public int Rows { get; }

    public ArrayView<int> Ids { get; }

    public ArrayView<int> Targets { get; }

    public ArrayView<float> Losses { get; }

    public ArrayView<float> Residual { get; }

    public ArrayView<T> Normed { get; }

    public ArrayView<T> Qkv { get; }

    public ArrayView<T> Queries { get; }

    public ArrayView<T> Attention { get; }

    /// <summary>Empty where the gated product needs no separate activation.</summary>
    public ArrayView<float> GateUp { get; }

    public ArrayView<T> Gated { get; }

    public ArrayView<float> Logits { get; }

    public DecodingScratch Scratch { get; }

    /// <summary>[1]: the sampled token.</summary>
    public ArrayView<int> Token { get; }

    public ArrayView<int> Recent { get; }

    public void Dispose()
    {
        foreach (MemoryBuffer buffer in _owned)
            buffer.Dispose();
    }

    ArrayView<TElement> Allocate<TElement>(long length)
        where TElement : unmanaged
    {
        MemoryBuffer1D<TElement, Stride1D.Dense> buffer = _accelerator.Allocate1D<TElement>(length);
        _owned.Add(buffer);
        return buffer.View;
    }
}
