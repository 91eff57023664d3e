using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>Attention of a text's last query over the paged cache; the bytes of keys and values count.</summary>
sealed class DecodeAttentionBenchmark<TCache> : KernelBenchmark
    where TCache : unmanaged, ITensorCorePack<TCache>
{
    readonly DecodingAttentionBFloat16<TCache> _decoding;
    readonly AttentionSetting _setting;
    readonly ArrayView<BFloat16>[] _queries;
    readonly KvRows<TCache>[] _keys, _values;
    readonly ArrayView<BFloat16> _output;
    readonly DecodingScratch _scratch;
    readonly ArrayView<int> _pageTable;

    public DecodeAttentionBenchmark(ComputeDevice device, AttentionSetting setting, CacheType type)
        : base(device, KernelGroup.Decode, KernelNames.Decode(setting.Tokens, type),
            type.TokenBytes(setting.Layout, sizeof(ushort)) * setting.Tokens, setting.CacheBytes(type))
    {
        _setting = setting;
        _decoding = new DecodingAttentionBFloat16<TCache>(Accelerator);
        int width = setting.Heads * setting.Layout.HeadSize;
        _queries = Random(width);
        _keys = RandomRows<TCache>(setting, type);
        _values = RandomRows<TCache>(setting, type);
        _output = Allocate<BFloat16>(width);
        _scratch = new DecodingScratch(Allocate<float>(DecodingScratch.PartialElements(setting.Heads, setting.Layout.HeadSize)), Allocate<int>(setting.Heads));
        _scratch.Arrivals.MemSetToZero(device.Stream);
        _pageTable = Allocate<int>(KvLayout.Pages(setting.Tokens));
        _pageTable.CopyFromCPU(device.Stream, setting.PageTable());
    }

    public override void Launch(AcceleratorStream stream, int input) => _decoding.Run(stream, _queries[input], _keys[input], _values[input], _pageTable, ArrayView<int>.Empty,
        _scratch, _output, _setting.Tokens - 1, _decoding.Splits(_setting.Tokens, _setting.Heads, _setting.Layout), _setting.Heads, _setting.Layout, DcaGeometry.Dense, _setting.Scale);
}
