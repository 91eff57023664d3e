using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// Causal attention of a whole text over the paged cache, plain or Dual Chunk; queries and keys count as rotated. Operations are
/// those of plain causal attention: 4 · heads · headSize · L² / 2.
/// </summary>
sealed class AttentionBenchmark<TCache> : KernelBenchmark
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    readonly PrefillAttentionBFloat16<TCache> _attention;
    readonly AttentionSetting _setting;
    readonly DcaGeometry _geometry;
    readonly ArrayView<BFloat16>[] _queries;
    readonly KvRows<TCache>[] _keys, _values;
    readonly ArrayView<BFloat16> _output;
    readonly ArrayView<int> _pageTable;

    public AttentionBenchmark(ComputeDevice device, AttentionSetting setting, DcaGeometry geometry, CacheType type)
        : base(device, geometry.IsDense ? KernelGroup.Attention : KernelGroup.Dca, KernelNames.Attention(setting.Tokens, geometry, type),
            4d * setting.Heads * setting.Layout.HeadSize * setting.Tokens * setting.Tokens / 2, setting.QueryElements * 2 + setting.CacheBytes(type))
    {
        (_setting, _geometry) = (setting, geometry);
        _attention = new PrefillAttentionBFloat16<TCache>(Accelerator);
        _queries = Random(setting.QueryElements * geometry.Variants);
        _keys = RandomRows<TCache>(setting, type);
        _values = RandomRows<TCache>(setting, type);
        _output = Allocate<BFloat16>(setting.QueryElements);
        _pageTable = Allocate<int>(KvLayout.Pages(setting.Tokens));
        _pageTable.CopyFromCPU(device.Stream, setting.PageTable());
    }

    /// <inheritdoc/>
    /// <remarks>Dual Chunk Attention is held against plain attention of the same rows.</remarks>
    public override Action<AcceleratorStream, int>? Rival =>
        _geometry.IsDense ? null : (stream, input) => Launch(stream, input, DcaGeometry.Dense);

    public override void Launch(AcceleratorStream stream, int input) => Launch(stream, input, _geometry);

    void Launch(AcceleratorStream stream, int input, DcaGeometry geometry) =>
        _attention.Run(stream, _queries[input].SubView(0, _setting.QueryElements * geometry.Variants), _keys[input], _values[input],
            _pageTable, _output, 0, _setting.Tokens, _setting.Heads, _setting.Layout, geometry, _setting.Scale);
}
