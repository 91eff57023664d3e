using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuDca.Loader;

/// <summary>Converts stored weights to float32 and to bf16.</summary>
/// <remarks>
/// <code>
/// float32 of bf16 = bits &lt;&lt; 16
/// bf16 of float32 = (bits + 0x7FFF + bit 16) &gt;&gt; 16, and a NaN stays one
/// </code>
/// Sources are little-endian bytes at any alignment. Each loop takes a vector at a time and ends with single elements.
/// </remarks>
public static class WeightConversion
{
    /// <summary>Elements between two conversions of F16 to bf16, which goes through float32.</summary>
    const int Stage = 1_024;

    /// <param name="type">F32, F16 or BF16.</param>
    /// <param name="source">As many elements as <paramref name="destination"/> has.</param>
    /// <param name="destination">float32.</param>
    public static void ToFloat32(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        Check(type, source, destination.Length);
        switch (type)
        {
            case TensorType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case TensorType.BF16:
                FromBFloat16(source, MemoryMarshal.Cast<float, uint>(destination));
                break;
            default:
                FromHalf(source, MemoryMarshal.Cast<float, uint>(destination));
                break;
        }
    }

    /// <param name="type">F32, F16 or BF16.</param>
    /// <param name="source">As many elements as <paramref name="destination"/> has.</param>
    /// <param name="destination">bf16 bits.</param>
    public static void ToBFloat16(TensorType type, ReadOnlySpan<byte> source, Span<ushort> destination)
    {
        Check(type, source, destination.Length);
        switch (type)
        {
            case TensorType.F32:
                RoundToBFloat16(source, destination);
                break;
            case TensorType.BF16:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            default:
                Span<float> stage = stackalloc float[Math.Min(Stage, destination.Length)];
                for (int i = 0; i < destination.Length; i += Stage)
                {
                    Span<float> part = stage[..Math.Min(Stage, destination.Length - i)];
                    ToFloat32(type, source.Slice(i * sizeof(ushort), part.Length * sizeof(ushort)), part);
                    RoundToBFloat16(MemoryMarshal.AsBytes(part), destination.Slice(i, part.Length));
                }
                break;
        }
    }

    /// <summary>Rounds float32 to bf16, to nearest, ties to even; a NaN stays one.</summary>
    /// <param name="source">float32.</param>
    /// <param name="destination">bf16 bits, at least as many.</param>
    public static void Round(ReadOnlySpan<float> source, Span<ushort> destination) =>
        RoundToBFloat16(MemoryMarshal.AsBytes(source), destination[..source.Length]);

    static void Check(TensorType type, ReadOnlySpan<byte> source, int elements)
    {
        if (type is not (TensorType.F32 or TensorType.F16 or TensorType.BF16))
            throw new ArgumentException($"WeightConversion: {type} is not one of F32, F16, BF16.");
        if (source.Length != (long)elements * type.Bits() / 8)
            throw new ArgumentException(
                $"WeightConversion: {source.Length} bytes of {type} for {elements} elements; they must match.");
    }

    static void FromBFloat16(ReadOnlySpan<byte> source, Span<uint> destination)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref uint to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Load(ref from, i));
            (low << 16).StoreUnsafe(ref to, (nuint)i);
            (high << 16).StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
        }
        for (; i < destination.Length; i++)
            Unsafe.Add(ref to, i) = (uint)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref from, i * 2)) << 16;
    }

    static void FromHalf(ReadOnlySpan<byte> source, Span<uint> destination)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref uint to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Load(ref from, i));
            FromHalf(low).StoreUnsafe(ref to, (nuint)i);
            FromHalf(high).StoreUnsafe(ref to, (nuint)(i + Vector256<uint>.Count));
        }
        for (; i < destination.Length; i++)
        {
            Half half = Unsafe.ReadUnaligned<Half>(ref Unsafe.Add(ref from, i * 2));
            Unsafe.Add(ref to, i) = BitConverter.SingleToUInt32Bits((float)half);
        }
    }

    /// <summary>
    /// Moves exponent and mantissa into float32's places and raises the exponent by 112 = 127 - 15; by 112 more for
    /// infinity and NaN; a subnormal gets the implicit 1 and loses it again in a float subtraction.
    /// </summary>
    static Vector256<uint> FromHalf(Vector256<uint> half)
    {
        const uint exponentMask = 0x7C00u << 13;
        const uint rebias = 112u << 23;
        Vector256<uint> sign = (half & Vector256.Create(0x8000u)) << 16;
        Vector256<uint> magnitude = (half & Vector256.Create(0x7FFFu)) << 13;
        Vector256<uint> exponent = magnitude & Vector256.Create(exponentMask);
        Vector256<uint> normal = magnitude + Vector256.Create(rebias);
        Vector256<uint> special = normal + Vector256.Create(rebias);
        Vector256<uint> subnormal = ((normal + Vector256.Create(1u << 23)).AsSingle()
            - Vector256.Create(113u << 23).AsSingle()).AsUInt32();
        Vector256<uint> value = Vector256.ConditionalSelect(
            Vector256.Equals(exponent, Vector256.Create(exponentMask)), special, normal);
        return sign | Vector256.ConditionalSelect(
            Vector256.Equals(exponent, Vector256<uint>.Zero), subnormal, value);
    }

    static void RoundToBFloat16(ReadOnlySpan<byte> source, Span<ushort> destination)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref ushort to = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= destination.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = Round(LoadBits(ref from, i));
            Vector256<uint> high = Round(LoadBits(ref from, i + Vector256<uint>.Count));
            Vector256.Narrow(low, high).StoreUnsafe(ref to, (nuint)i);
        }
        for (; i < destination.Length; i++)
        {
            uint bits = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref from, (nint)i * 4));
            bool isNaN = (bits & 0x7FFF_FFFF) > 0x7F80_0000;
            Unsafe.Add(ref to, i) =
                (ushort)(isNaN ? (bits >> 16) | 0x40 : (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    static Vector256<uint> Round(Vector256<uint> bits)
    {
        Vector256<uint> upper = bits >>> 16;
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + (upper & Vector256.Create(1u))) >>> 16;
        Vector256<uint> isNaN = Vector256.GreaterThan(
            bits & Vector256.Create(0x7FFF_FFFFu), Vector256.Create(0x7F80_0000u));
        return Vector256.ConditionalSelect(isNaN, upper | Vector256.Create(0x40u), rounded);
    }

    static Vector256<ushort> Load(ref byte from, int element) =>
        Unsafe.ReadUnaligned<Vector256<ushort>>(ref Unsafe.Add(ref from, element * sizeof(ushort)));

    static Vector256<uint> LoadBits(ref byte from, int element) =>
        Unsafe.ReadUnaligned<Vector256<uint>>(ref Unsafe.Add(ref from, (nint)element * sizeof(uint)));
}
