using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Verification;

/// <summary>Prefill attention on tensor cores against a direct softmax.</summary>
static class TensorCoreAttentionChecks
{
    /// <summary>
    /// Chunks that are no multiple of a tile of 64 or 128, texts around a step of keys and a page, head sizes at both ends,
    /// GQA.
    /// </summary>
    static readonly (AttentionShape Shape, int Length)[] s_texts =
    [
        (new(1, 1, 16, DcaGeometry.Dense), 1), (new(2, 2, 64, DcaGeometry.Dense), 129), (new(4, 2, 128, DcaGeometry.Dense), 200), (new(2, 1, 160, new DcaGeometry(37, 53)), 140),
        (new(6, 3, 48, new DcaGeometry(64, 127)), 258), (new(2, 2, 80, new DcaGeometry(130, 150)), 395), (new(3, 1, 32, new DcaGeometry(2, 2)), 70),
        (new(2, 1, 64, DcaGeometry.Dense with { Window = 70 }), 300), (new(2, 1, 32, new DcaGeometry(64, 127) { Window = 100 }), 258),
        (new(2, 1, 64, new DcaGeometry(128, 200) { VisibleChunks = 1 }), 300), (new(2, 1, 32, new DcaGeometry(64, 127) { VisibleChunks = 2 }), 258),
        (new(2, 1, 32, new DcaGeometry(64, 127) { HasSuccessive = false }), 200),
        (new(2, 1, 128, new DcaGeometry(96, 150)), 385), (new(3, 1, 16, new DcaGeometry(130, 150)), 261),
        (new(2, 2, 144, DcaGeometry.Dense), 127), (new(5, 1, 112, DcaGeometry.Dense with { Window = 65 }), 257),
    ];

    public static IEnumerable<Check> All() =>
    [
        .. Of("FlashAttentionTensorCore", accelerator => new FlashAttentionTensorCore<BFloat16x8>(accelerator), s_texts),
        .. Of("FlashAttentionTensorCore", accelerator => new FlashAttentionTensorCore<Fp8x8>(accelerator), s_texts[..5]),
        .. Of("FlashAttentionTensorCore", accelerator => new FlashAttentionTensorCore<Int8x8>(accelerator), s_texts[..5]),
        .. Of("FlashAttentionTensorCore", accelerator => new FlashAttentionTensorCore<Int4x8>(accelerator), s_texts[..5]),
    ];

    /// <summary>The checks of one kernel.</summary>
    public static IEnumerable<Check> Of<TCache>(string name, Func<Accelerator, PrefillAttention<BFloat16, TCache>> make, IReadOnlyList<(AttentionShape Shape, int Length)> texts)
        where TCache : unmanaged, ITensorCorePack<TCache>
    {
        name += CacheReference.Name<TCache>() is { Length: > 0 } type ? $" {type}" : "";
        foreach ((AttentionShape shape, int length) in texts)
            yield return NewCheck.Of($"{name} {length} tokens, {shape}", (accelerator, inputs) => Rows(accelerator, inputs, make(accelerator), shape, length));
        yield return NewCheck.Of($"{name} cut anywhere is one shot", (accelerator, inputs) => Slices(accelerator, inputs, make(accelerator)));
    }

    /// <summary>All rows, and the last ones from a start that is no multiple of anything, by the same instance.</summary>
    static void Rows<TCache>(Accelerator accelerator, Inputs inputs, PrefillAttention<BFloat16, TCache> kernel, AttentionShape shape, int length)
        where TCache : unmanaged, ITensorCorePack<TCache>
    {
        AttentionText<BFloat16, BFloat16Element, TCache> text = AttentionText<BFloat16, BFloat16Element, TCache>.Random(inputs, shape, length);
        (double[] expected, double[] limits) = text.Expected(0, length, tensorCore: true);
        Compare.Close("prefill", Stored<BFloat16, BFloat16Element>.Values(text.Prefill(accelerator, kernel, 0, length)), expected, limits);
        int row = shape.Heads * shape.HeadSize, start = length * 3 / 5;
        Compare.Close($"prefill from {start}", Stored<BFloat16, BFloat16Element>.Values(text.Prefill(accelerator, kernel, start, length - start)), expected.AsSpan(start * row), limits.AsSpan(start * row));
    }

    /// <summary>A row walks its keys in the same steps whichever slice it is in, so the bits are the same.</summary>
    static void Slices<TCache>(Accelerator accelerator, Inputs inputs, PrefillAttention<BFloat16, TCache> kernel)
        where TCache : unmanaged, ITensorCorePack<TCache>
    {
        const int Length = 400;
        AttentionText<BFloat16, BFloat16Element, TCache> text = AttentionText<BFloat16, BFloat16Element, TCache>.Random(inputs, new AttentionShape(2, 1, 64, new DcaGeometry(128, 200)), Length);
        BFloat16[] whole = text.Prefill(accelerator, kernel, 0, Length);
        foreach (int[] cuts in new int[][] { [1], [127, 128, 129], [64, 300, 384, 399] })
        {
            List<BFloat16> slices = [];
            int start = 0;
            foreach (int end in cuts.Append(Length))
            {
                slices.AddRange(text.Prefill(accelerator, kernel, start, end - start));
                start = end;
            }
            Compare.Same<BFloat16>($"output cut at {string.Join(", ", cuts)}", slices.ToArray(), whole);
        }
    }
}
