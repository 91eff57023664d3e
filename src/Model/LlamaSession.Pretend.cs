using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Model;

/// <summary>Texts of which nobody computed the tokens, so that decoding at a depth can be measured without the prefill.</summary>
sealed partial class LlamaSession<T, TElement, TPack>
{
    RandomNormal<T, TElement>? _random;

    /// <summary>Of quantised rows with random codes: elements up to 1 in magnitude, for codes of a byte.</summary>
    const float PretendedScale = 1f / 128;

    internal override void Pretend(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Capacity);
        DropQueued();
        if (tokens > Length)
        {
            _random ??= new RandomNormal<T, TElement>(_stream.Accelerator);
            ulong seed = 0;
            foreach (ArrayView<byte> pages in _cache.Pages)
                _random.Run(_stream, pages.Cast<T>(), seed++, 0f, 1f);
            RandomNormal<float, Float32Element> fill = new(_stream.Accelerator);
            foreach (ArrayView<float> scales in _cache.Scales)
                fill.Run(_stream, scales, 0, PretendedScale, 0f);
            _buffers.History.SubView(0, tokens).MemSetToZero(_stream);
        }
        Length = tokens;
    }
}
