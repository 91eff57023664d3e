using ILGPU.Runtime;
using IlgpuDca.Kernels;

namespace IlgpuDca.Model;

/// <summary>Texts of which nobody computed the tokens, so that decoding at a depth can be measured without the prefill.</summary>
sealed partial class LlamaSession<T, TElement, TPack>
{
    RandomNormal<T, TElement>? _random;

    internal override void Pretend(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokens, Capacity);
        DropQueued();
        if (tokens > Length)
        {
            _random ??= new RandomNormal<T, TElement>(_stream.Accelerator);
            for (int layer = 0; layer < _config.Layers; layer++)
            {
                _random.Run(_stream, _cache.Keys(layer), 2 * (ulong)layer, 0f, 1f);
                _random.Run(_stream, _cache.Values(layer), 2 * (ulong)layer + 1, 0f, 1f);
            }
            _buffers.History.SubView(0, tokens).MemSetToZero(_stream);
        }
        Length = tokens;
    }
}
