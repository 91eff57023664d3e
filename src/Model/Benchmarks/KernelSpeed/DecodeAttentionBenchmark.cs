using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.MatMul;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>Attention of a text's last query over the paged cache; the bytes of keys and values count.</summary>
sealed class DecodeAttentionBenchmark : KernelBenchmark
{
    readonly FlashDecoding<BFloat16, BFloat16Element, BFloat16x8> _decoding;
    readonly AttentionSetting _setting;
    readonly ArrayView<BFloat16>[] _queries, _keys, _values;
    readonly ArrayView<BFloat16> _output;
    readonly DecodingScratch _scratch;
    readonly ArrayView<int> _pageTable;

    public DecodeAttentionBenchmark(ComputeDevice device, AttentionSetting setting)
        : base(device, KernelGroup.Decode, NameOf(setting.Tokens),
            4d * setting.Tokens * setting.Layout.KvHeads * setting.Layout.HeadSize, setting.CacheElements * 4)
    {
        _setting = setting;
        _decoding = new FlashDecoding<BFloat16, BFloat16Element, BFloat16x8>(Accelerator);
        int width = setting.Heads * setting.Layout.HeadSize;
        _queries = Random(width);
        _keys = Random(setting.CacheElements);
        _values = Random(setting.CacheElements);
        _output = Allocate<BFloat16>(width);
        _scratch = new DecodingScratch(Allocate<float>(DecodingScratch.PartialElements(setting.Heads, setting.Layout.HeadSize)), Allocate<int>(setting.Heads));
        _scratch.Arrivals.MemSetToZero(device.Stream);
        _pageTable = Allocate<int>(KvLayout.Pages(setting.Tokens));
        _pageTable.CopyFromCPU(device.Stream, setting.PageTable());
    }

    /// <summary>"decode attention L=N".</summary>
    public static string NameOf(int tokens) => $"decode attention L={tokens}";

    public override void Launch(AcceleratorStream stream, int input) => _decoding.Run(stream, _queries[input], _keys[input], _values[input], _pageTable, ArrayView<int>.Empty,
        _scratch, _output, _setting.Tokens - 1, _decoding.Splits(_setting.Tokens, _setting.Heads, _setting.Layout), _setting.Heads, _setting.Layout, DcaGeometry.Dense, _setting.Scale);
}
