using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Verification.Conformance.Hopper;

/// <summary>
/// Boxes of floats that TMA loads, stores and adds: 2 to 4 dimensions, every swizzle, inside the tensor and over each of its ends.
/// </summary>
static class CopyKernels
{
    const int Threads = 64, Pieces = 4;

    static readonly int[] _extents = [20, 7, 5, 3], _boxRows = [3, 2, 2];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. from swizzle in Enum.GetValues<SharedSwizzle>()
           from rank in (int[])[2, 3, 4]
           select Case(swizzle, rank),
    ];

    static ConformanceCase Case(SharedSwizzle swizzle, int rank)
    {
        string name = $"TMA boxes, {rank} dimensions, swizzle {swizzle}";
        Action<TensorMap, TensorMap, TensorMap, ArrayView<float>, BoxPlaces> kernel = rank switch
        {
            2 => Plane,
            3 => Space,
            _ => FourDimensions,
        };
        return HopperCase.Of(name, kernel, accelerator =>
        {
            foreach ((int[] from, int[] to) in ((int[], int[])[])[([4, 2, 1, 0], [8, 3, 2, 1]), ([-4, -1, -1, -1], [16, 5, 4, 2]), ([16, 5, 4, 2], [0, 0, 0, 0]), ([0, 9, 0, 0], [0, 9, 0, 0])])
                Run(accelerator, name, kernel, swizzle, rank, from[..rank], to[..rank]);
        });
    }

    static void Run(
        Accelerator accelerator, string name, Action<TensorMap, TensorMap, TensorMap, ArrayView<float>, BoxPlaces> kernel, SharedSwizzle swizzle,
        int rank, int[] from, int[] to)
    {
        int[] box = [swizzle == SharedSwizzle.None ? 12 : Pieces << (int)swizzle, .. _boxRows[..(rank - 1)]];
        int count = _extents[..rank].Aggregate(1, (a, b) => a * b), boxCount = box.Aggregate(1, (a, b) => a * b);
        float[] source = [.. Enumerable.Range(1, count).Select(k => (float)k)], target = [.. source.Select(x => -x)];
        using var deviceSource = accelerator.Allocate1D(source);
        using var stored = accelerator.Allocate1D(target);
        using var added = accelerator.Allocate1D(target);
        using var raw = accelerator.Allocate1D<float>(boxCount);
        accelerator.LoadStreamKernel(kernel)(
            new KernelConfig(1, Threads, SharedMemoryConfig.RequestDynamic<float>(boxCount)), Map(deviceSource.View), Map(stored.View),
            Map(added.View), raw.View, new BoxPlaces(from, to, boxCount));
        accelerator.Synchronize();

        float[] expectedRaw = new float[boxCount], expectedStored = [.. target], expectedAdded = [.. target];
        for (int k = 0; k < boxCount; k++)
        {
            int at = Position(box, k, from), permuted = Permute(swizzle, k * sizeof(float)) / sizeof(float);
            float value = at < 0 ? 0 : source[at];
            expectedRaw[permuted] = value;
            if (Position(box, k, to) is not (var end and >= 0))
                continue;
            if (rank < 4)
                expectedStored[end] = value;
            if (rank < 3)
                expectedAdded[end] += 2 * value;
        }
        string where = $"{name}, from ({string.Join(", ", from)}) to ({string.Join(", ", to)})";
        Comparer.Same(where + ", shared memory", expectedRaw, raw.GetAsArray1D(), k => $"element {k}");
        Comparer.Same(where + ", stored", expectedStored, stored.GetAsArray1D(), k => $"element {k}");
        Comparer.Same(where + ", added", expectedAdded, added.GetAsArray1D(), k => $"element {k}");

        TensorMap Map(ArrayView<float> view)
        {
            long[] extents = [.. _extents[..rank].Select(extent => (long)extent)], strides = new long[rank - 1];
            for (int k = 0; k < rank - 1; k++)
                strides[k] = (k == 0 ? 1 : strides[k - 1]) * extents[k];
            return TensorMap.Create(accelerator, view, extents, strides, box, swizzle);
        }
    }

    /// <summary>The index in the tensor of a box's k-th element; -1 outside.</summary>
    static int Position(int[] box, int k, int[] first)
    {
        int index = 0, stride = 1;
        for (int d = 0; d < box.Length; d++)
        {
            int coordinate = first[d] + k % box[d];
            k /= box[d];
            if (coordinate < 0 || coordinate >= _extents[d])
                return -1;
            index += coordinate * stride;
            stride *= _extents[d];
        }
        return index;
    }

    /// <summary>Piece bits are xored with the bits of the row, which begin at bit 7 whatever the rows' length.</summary>
    static int Permute(SharedSwizzle swizzle, int offset) => swizzle switch
    {
        SharedSwizzle.Bytes32 => offset ^ (offset & 0x80) >> 3,
        SharedSwizzle.Bytes64 => offset ^ (offset & 0x180) >> 3,
        SharedSwizzle.Bytes128 => offset ^ (offset & 0x380) >> 3,
        _ => offset,
    };

    static void Plane(TensorMap source, TensorMap stored, TensorMap added, ArrayView<float> raw, BoxPlaces places)
    {
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        ref Mbarrier barrier = ref Prepare(places.Count);
        if (Group.IdxX == 0)
            Tma.Load(ref box[0], source, ref barrier, places.FromX, places.FromY);
        Copy(ref barrier, box, raw, places.Count);
        if (Group.IdxX == 0)
        {
            Tma.Store(stored, ref box[0], places.ToX, places.ToY);
            Tma.Commit();
            Tma.Add(added, ref box[0], places.ToX, places.ToY);
            Tma.Add(added, ref box[0], places.ToX, places.ToY);
            Tma.Commit();
            Tma.WaitRead(1);
            Tma.Wait(0);
        }
    }

    static void Space(TensorMap source, TensorMap stored, TensorMap added, ArrayView<float> raw, BoxPlaces places)
    {
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        ref Mbarrier barrier = ref Prepare(places.Count);
        if (Group.IdxX == 0)
            Tma.Load(ref box[0], source, ref barrier, places.FromX, places.FromY, places.FromZ);
        Copy(ref barrier, box, raw, places.Count);
        if (Group.IdxX == 0)
        {
            Tma.Store(stored, ref box[0], places.ToX, places.ToY, places.ToZ);
            Tma.Commit();
            Tma.WaitRead(0);
        }
    }

    /// <summary>Stores know three dimensions, adds two.</summary>
    static void FourDimensions(TensorMap source, TensorMap stored, TensorMap added, ArrayView<float> raw, BoxPlaces places)
    {
        ArrayView<float> box = SharedMemory.GetDynamic<float>();
        ref Mbarrier barrier = ref Prepare(places.Count);
        if (Group.IdxX == 0)
            Tma.Load(ref box[0], source, ref barrier, places.FromX, places.FromY, places.FromZ, places.FromW);
        Copy(ref barrier, box, raw, places.Count);
    }

    static ref Mbarrier Prepare(int count)
    {
        ref Mbarrier barrier = ref SharedMemory.Allocate<Mbarrier>(1)[0];
        if (Group.IdxX == 0)
        {
            Mbarrier.Initialize(ref barrier, 1);
            Mbarrier.FenceInitialization();
            Mbarrier.ArriveExpect(ref barrier, count * sizeof(float));
        }
        return ref barrier;
    }

    static void Copy(ref Mbarrier barrier, ArrayView<float> box, ArrayView<float> raw, int count)
    {
        Group.Barrier();
        Mbarrier.Wait(ref barrier, 0);
        for (int k = Group.IdxX; k < count; k += Threads)
            raw[k] = box[k];
    }
}
