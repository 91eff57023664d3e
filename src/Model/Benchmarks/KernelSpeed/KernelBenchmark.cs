using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.Attention;
using IlgpuDca.Kernels.Attention.Cache;

namespace IlgpuDca.Model.Benchmarks.KernelSpeed;

/// <summary>
/// A launch that is timed, with random inputs on the device. Where bytes or draws count there are so many sets of them, used in turn,
/// that the L2 cache can't hold them; where operations do there is one, as the anchors have it: launches without a pause are another test, of power.
/// </summary>
/// <param name="device">Where.</param>
/// <param name="group">What it belongs to.</param>
/// <param name="name">As the anchors call it.</param>
/// <param name="work">Bytes (copies, reads, products of one row, one query), operations or draws of a launch.</param>
/// <param name="inputBytes">Bytes that one launch touches.</param>
public abstract class KernelBenchmark(ComputeDevice device, KernelGroup group, string name, double work, long inputBytes) : IDisposable
{
    /// <summary>Sets of inputs hold this many times the L2 cache.</summary>
    const int CacheMultiple = 4;

    const int MostInputs = 64;

    const string Operations = "TFLOP/s";

    readonly List<MemoryBuffer> _owned = [];
    readonly RandomNormal<BFloat16, BFloat16Element> _random = new(device.Accelerator);
    ulong _seed;

    public KernelGroup Group => group;

    public string Name => name;

    /// <summary>"GB/s", "TFLOP/s" or "draws/s".</summary>
    public string Unit => UnitOf(group).Name;

    /// <summary>Sets of inputs.</summary>
    public int Inputs { get; } = UnitOf(group).Name == Operations ? 1 : device.Accelerator is CudaAccelerator cuda
        ? (int)Math.Clamp((long)CacheMultiple * cuda.L2CacheSize / Math.Max(1, inputBytes) + 1, 1, MostInputs)
        : 2;

    protected Accelerator Accelerator => device.Accelerator;

    /// <summary>A rate's unit, and what a launch's work in a millisecond is divided by for it.</summary>
    static (string Name, double Divisor) UnitOf(KernelGroup group) => group switch
    {
        KernelGroup.Copy or KernelGroup.Read or KernelGroup.Gemv or KernelGroup.Qgemv or KernelGroup.Decode => ("GB/s", 1e6),
        KernelGroup.Sampling => ("draws/s", 1e-3),
        _ => (Operations, 1e9),
    };

    /// <summary>The rate of a launch that took some milliseconds, in <see cref="Unit"/>.</summary>
    public double Rate(double milliseconds) => work / milliseconds / UnitOf(group).Divisor;

    /// <summary>
    /// Queues a launch that this one is held against; null: none is. Samples of both are taken in turn: the chip's clock follows its
    /// power and temperature, so that kernels measured one after the other differ by more than they do side by side.
    /// </summary>
    public virtual Action<AcceleratorStream, int>? Rival => null;

    /// <summary>Queues one launch.</summary>
    /// <param name="stream">Where.</param>
    /// <param name="input">Which set of inputs, below <see cref="Inputs"/>.</param>
    public abstract void Launch(AcceleratorStream stream, int input);

    public virtual void Dispose()
    {
        device.Stream.Synchronize();
        foreach (MemoryBuffer buffer in _owned)
            buffer.Dispose();
    }

    /// <summary>A buffer with random contents for each set of inputs.</summary>
    protected ArrayView<BFloat16>[] Random(long length)
    {
        ArrayView<BFloat16>[] buffers = new ArrayView<BFloat16>[Inputs];
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i] = Allocate<BFloat16>(length);
            _random.Run(device.Stream, buffers[i], _seed++, 0f, 1f);
        }
        return buffers;
    }

    /// <summary>Cached rows with random codes, their scales 1, for each set of inputs.</summary>
    private protected KvRows<TCache>[] RandomRows<TCache>(AttentionSetting setting, CacheType type)
        where TCache : unmanaged, ICachePack<TCache>
    {
        int pages = KvLayout.Pages(setting.Tokens);
        float[] ones = new float[pages * type.PageScales(setting.Layout)];
        Array.Fill(ones, 1f);
        return Array.ConvertAll(Random(pages * type.PageBytes(setting.Layout, sizeof(ushort)) / sizeof(ushort)), elements =>
        {
            ArrayView<float> scales = ones.Length == 0 ? ArrayView<float>.Empty : Allocate<float>(ones.Length);
            if (ones.Length > 0)
                scales.CopyFromCPU(device.Stream, ones);
            return new KvRows<TCache>(elements.Cast<TCache>(), scales);
        });
    }

    /// <summary>A buffer that is freed with the benchmark; where there is no room, those before it are too.</summary>
    protected ArrayView<T> Allocate<T>(long length)
        where T : unmanaged
    {
        try
        {
            MemoryBuffer1D<T, Stride1D.Dense> buffer = device.Accelerator.Allocate1D<T>(length);
            _owned.Add(buffer);
            return buffer.View;
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
