using System.Runtime.InteropServices;

namespace IlgpuDca.Loader.Quantization;

/// <summary>Packs float32 into the types that are written.</summary>
static class BlockPacking
{
    /// <summary>Packs whole blocks.</summary>
    /// <param name="type">One of <see cref="GgufConversion.Types"/>.</param>
    /// <param name="values">Whole blocks of finite numbers.</param>
    /// <param name="to">Their bytes.</param>
    public static void Pack(TensorType type, ReadOnlySpan<float> values, Span<byte> to)
    {
        int elements = type.BlockElements(), bytes = type.BlockBytes();
        if (values.Length % elements != 0 || to.Length != values.Length / elements * bytes)
            throw new ArgumentException(
                $"{values.Length} elements for {to.Length} bytes of {type}; they must be the same blocks.");
        switch (type)
        {
            case TensorType.F32:
                MemoryMarshal.AsBytes(values).CopyTo(to);
                return;
            case TensorType.BF16:
                WeightConversion.Round(values, MemoryMarshal.Cast<byte, ushort>(to));
                return;
            case TensorType.F16:
                Span<Half> halves = MemoryMarshal.Cast<byte, Half>(to);
                for (int i = 0; i < values.Length; i++)
                    halves[i] = (Half)values[i];
                return;
        }
        for (int block = 0; block < values.Length / elements; block++)
        {
            ReadOnlySpan<float> from = values.Slice(block * elements, elements);
            Span<byte> packed = to.Slice(block * bytes, bytes);
            switch (type)
            {
                case TensorType.Q8_0: PackQ80(from, packed); break;
                case TensorType.Q4_0: PackQ40(from, packed); break;
                case TensorType.Q4_K: Q4KPacking.Pack(from, packed); break;
                default: throw new ArgumentException($"{type} is not written.", nameof(type));
            }
        }
    }

    /// <summary>The largest magnitude becomes ±127.</summary>
    static void PackQ80(ReadOnlySpan<float> values, Span<byte> to)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        float scale = largest / 127;
        float inverse = scale > 0 ? 1 / scale : 0;
        BitConverter.TryWriteBytes(to, (Half)scale);
        for (int i = 0; i < values.Length; i++)
            to[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
    }

    /// <summary>The number of the largest magnitude becomes code 0, which stands for -8.</summary>
    static void PackQ40(ReadOnlySpan<float> values, Span<byte> to)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        float scale = largest / -8;
        float inverse = scale != 0 ? 1 / scale : 0;
        BitConverter.TryWriteBytes(to, (Half)scale);
        for (int i = 0; i < values.Length / 2; i++)
            to[2 + i] = (byte)(Code(values[i]) | (Code(values[i + values.Length / 2]) << 4));

        // One rounding, as in the builds of llama.cpp that most files come from.
        int Code(float value) => Math.Min(15, (int)MathF.FusedMultiplyAdd(value, inverse, 8.5f));
    }
}
