using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Moe;
using IlgpuDca.Kernels.Sampling;
using IlgpuDca.Loader;

namespace IlgpuDca.Model;

/// <summary>
/// One text's ids, and the work buffers of its forward passes, for slices of up to Rows tokens. Each of those is [rows, width], row-major.
/// </summary>
sealed class ActivationBuffers<T> : IDisposable
    where T : unmanaged
{
    readonly List<MemoryBuffer> _owned = [];
    readonly Accelerator _accelerator;

    public ActivationBuffers(Accelerator accelerator, AcceleratorStream stream, ModelConfig config, DcaGeometry geometry, int rows, int capacity)
    {
        _accelerator = accelerator;
        Rows = rows;
        try
        {
            Targets = Allocate<int>(rows);
            Losses = Allocate<float>(rows);
            Residual = Allocate<float>((long)rows * config.HiddenSize);
            Normed = Allocate<T>((long)rows * config.HiddenSize);
            Qkv = Allocate<T>((long)rows * (config.QueryWidth + 2 * config.KeyValueWidth));
            Queries = Allocate<T>((long)rows * config.QueryWidth * geometry.Variants);
            Attention = Allocate<T>((long)rows * config.QueryWidth);
            GateUp = Allocate<float>(rows * Activations.GateUpElements(config));
            Gated = Allocate<T>(rows * Activations.GatedElements(config));
            if (config.Experts is { } experts)
                Experts = AllocateExperts(config, experts);
            Logits = Allocate<float>((long)Math.Min(rows, Activations.LogitRows) * config.VocabularySize);
            Scratch = new DecodingScratch(Allocate<float>(Activations.PartialElements(config)), Allocate<int>(config.Heads));
            Scratch.Arrivals.MemSetToZero(stream);
            History = Allocate<int>(capacity + 1L);
            Position = Allocate<int>(1);
            SamplerWords = Allocate<ulong>(SamplerState.WordCount);
            SamplerArrivals = Allocate<int>(1);
            SamplerWords.MemSetToZero(stream);
            SamplerArrivals.MemSetToZero(stream);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Tokens of a slice.</summary>
    public int Rows { get; }

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

    /// <summary>null in models without experts.</summary>
    public ExpertBuffers<T>? Experts { get; }

    public ArrayView<float> Logits { get; }

    public DecodingScratch Scratch { get; }

    /// <summary>[capacity + 1]: the text's ids, the drawn one behind the last that the model has seen.</summary>
    public ArrayView<int> History { get; }

    /// <summary>[1]: the place of the text's last token; kernels of a decode step read it here.</summary>
    public ArrayView<int> Position { get; }

    /// <summary>Scratch of the sampler.</summary>
    public ArrayView<ulong> SamplerWords { get; }

    public ArrayView<int> SamplerArrivals { get; }

    public void Dispose()
    {
        foreach (MemoryBuffer buffer in _owned)
            buffer.Dispose();
    }

    ExpertBuffers<T> AllocateExperts(ModelConfig config, ExpertConfig experts)
    {
        long choices = (long)Rows * experts.PerToken;
        ExpertScratch scratch = new(
            Allocate<float>((long)Rows * experts.Count), Allocate<int>(choices), Allocate<float>(choices), Allocate<int>(experts.Count),
            Allocate<int>(choices), Allocate<int>(choices), Allocate<int>(ExpertScratch.TileElements(choices, experts.Count)));
        return new ExpertBuffers<T>(scratch, Allocate<T>(Activations.ExpertOutputElements(config, Rows)));
    }

    ArrayView<TElement> Allocate<TElement>(long length)
        where TElement : unmanaged
    {
        MemoryBuffer1D<TElement, Stride1D.Dense> buffer = _accelerator.Allocate1D<TElement>(length);
        _owned.Add(buffer);
        return buffer.View;
    }
}
