using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// Causal attention of a whole text over the paged cache, plain or Dual Chunk; queries and keys count as rotated. Operations are
/// those of plain causal attention: 4 · heads · headSize · L² / 2.
/// </summary>
sealed class AttentionBenchmark : KernelBenchmark
{
    readonly PrefillAttentionBFloat16 _attention;
    readonly AttentionSetting _setting;
    readonly DcaGeometry _geometry;
    readonly ArrayView<BFloat16>[] _queries, _keys, _values;
    readonly ArrayView<BFloat16> _output;
    readonly ArrayView<int> _pageTable;

    public AttentionBenchmark(ComputeDevice device, AttentionSetting setting, DcaGeometry geometry)
        : base(device, geometry.IsDense ? KernelGroup.Attention : KernelGroup.Dca, NameOf(setting.Tokens, geometry),
            4d * setting.Heads * setting.Layout.HeadSize * setting.Tokens * setting.Tokens / 2, setting.QueryElements * 2 + setting.CacheElements * 4)
    {
        (_setting, _geometry) = (setting, geometry);
        _attention = new PrefillAttentionBFloat16(Accelerator);
        _queries = Random(setting.QueryElements * geometry.Variants);
        _keys = Random(setting.CacheElements);
        _values = Random(setting.CacheElements);
        _output = Allocate<BFloat16>(setting.QueryElements);
        _pageTable = Allocate<int>(KvLayout.Pages(setting.Tokens));
        _pageTable.CopyFromCPU(device.Stream, setting.PageTable());
    }

    /// <summary>"causal attention L=N" or "dca L=N".</summary>
    public static string NameOf(int tokens, DcaGeometry geometry) => $"{(geometry.IsDense ? "causal attention" : "dca")} L={tokens}";

    public override void Launch(AcceleratorStream stream, int input) => _attention.Run(stream, _queries[input], _keys[input], _values[input], _pageTable, _output,
        0, _setting.Tokens, _setting.Heads, _setting.Layout, _geometry, _setting.Scale);
}
