using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Kernels;
using IlgpuDca.Kernels.MatMul;
using IlgpuDca.Kernels.Quantization;
using Half = ILGPU.Half;

namespace IlgpuDca.Verification;

/// <summary>Weights that have their inputs in an order of their own.</summary>
static class ReorderedChecks
{
    static readonly QuantizedLayout s_layout = new(4, 128, true);

    public static IEnumerable<Check> Of<T, TElement, TPack>(Func<Accelerator, MatMul<T>> plain)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
    {
        string name = typeof(T) == typeof(float) ? "float32" : "bf16";
        foreach ((int rows, int inner) in new[] { (1, 4), (3, 1_028), (70, 2_048) })
            yield return NewCheck.Of($"GatherColumns {rows} x {inner} {name}", (accelerator, inputs) =>
                Gather<T, TElement>(accelerator, inputs, rows, inner));
        // Rows come in pieces; the last is smaller.
        foreach ((int rows, int piece) in new[] { (1, 1), (5, 2), (70, 33), (9, 9) })
            yield return NewCheck.Of($"WeightProducts of reordered rows, {rows} in pieces of {piece}, {name}", (accelerator, inputs) =>
                Products<T, TElement, TPack>(accelerator, inputs, plain(accelerator), rows, piece));
    }

    static void Gather<T, TElement>(Accelerator accelerator, Inputs inputs, int rows, int inner)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        T[] x = Stored<T, TElement>.Round(inputs.Normal((long)rows * inner));
        int[] order = Order(inputs, inner);
        using GuardedBuffer<T> deviceX = new(accelerator, x), y = new(accelerator, x.Length);
        using GuardedBuffer<int> deviceOrder = new(accelerator, order);
        new GatherColumns<T>(accelerator).Run(accelerator.DefaultStream, deviceX.View, deviceOrder.View, y.View);
        Compare.Same<T>("y", y.Read(), Reordered(x, order));
    }

    /// <summary>The same bits as from rows that were in order before.</summary>
    static void Products<T, TElement, TPack>(Accelerator accelerator, Inputs inputs, MatMul<T> plain, int rows, int piece)
        where T : unmanaged
        where TElement : struct, IElement<T>
        where TPack : unmanaged, IPack<TPack>
    {
        const int Columns = 48, Inner = 256;
        QuantizedData data = new(inputs, s_layout, Columns, Inner);
        T[] a = Stored<T, TElement>.Round(inputs.Normal((long)rows * Inner));
        float[] before = inputs.Normal((long)rows * Columns);
        int[] order = Order(inputs, Inner);
        using GuardedBuffer<T> deviceA = new(accelerator, a), ordered = new(accelerator, Reordered(a, order));
        using GuardedBuffer<CodePack> codes = new(accelerator, data.Codes);
        using GuardedBuffer<Half> scales = new(accelerator, data.Scales);
        using GuardedBuffer<int> deviceOrder = new(accelerator, order);
        using UnpackedWeights<T, TElement> unpacked = new(accelerator);
        unpacked.Reserve(new UnpackingRoom(Columns * Inner, 0) { ReorderedElements = piece * Inner });
        WeightProducts<T, TElement, TPack> products = new(accelerator, plain, unpacked);
        WeightMatrix<T> inOrder = new(default, [new QuantizedMatrix(codes.View, scales.View, s_layout)]);
        WeightMatrix<T> reordered = inOrder with { InputOrder = deviceOrder.View };
        AcceleratorStream stream = accelerator.DefaultStream;
        Compare<float>("run", Columns, products.Run);
        Compare<float>("added", Columns, products.Add);
        Compare<T>("narrow", Columns, products.Narrow);
        Compare<T>("gated", Columns / 2, products.Gated);

        void Compare<TOut>(string what, int width,
            Action<AcceleratorStream, ArrayView<T>, WeightMatrix<T>, ArrayView<TOut>, MatMulShape> multiply)
            where TOut : unmanaged
        {
            TOut[] start = typeof(TOut) == typeof(float)
                ? (TOut[])(object)before.AsSpan(0, rows * width).ToArray() : new TOut[rows * width];
            using GuardedBuffer<TOut> actual = new(accelerator, start), expected = new(accelerator, start);
            multiply(stream, deviceA.View, reordered, actual.View, new MatMulShape(rows, Columns, Inner));
            for (int first = 0; first < rows; first += piece)
            {
                int count = Math.Min(piece, rows - first);
                multiply(stream, ordered.View.SubView(first * Inner, count * Inner), inOrder,
                    expected.View.SubView(first * width, count * width), new MatMulShape(count, Columns, Inner));
            }
            Verification.Compare.Same<TOut>(what, actual.Read(), expected.Read());
        }
    }

    static int[] Order(Inputs inputs, int inner)
    {
        int[] order = [.. Enumerable.Range(0, inner)];
        for (int k = inner - 1; k > 0; k--)
        {
            int other = inputs.Integers(1, k + 1)[0];
            (order[k], order[other]) = (order[other], order[k]);
        }
        return order;
    }

    static T[] Reordered<T>(T[] rows, int[] order) =>
        [.. Enumerable.Range(0, rows.Length).Select(i => rows[i / order.Length * order.Length + order[i % order.Length]])];
}
