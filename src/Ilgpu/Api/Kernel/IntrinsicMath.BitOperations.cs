namespace ILGPU;

partial class IntrinsicMath
{
    /// <summary>Counting bits.</summary>
    public static class BitOperations
    {
        /// <summary>Bits that are set.</summary>
        public static int PopCount(int value) => System.Numerics.BitOperations.PopCount((uint)value);

        /// <summary>Bits that are set.</summary>
        public static int PopCount(uint value) => System.Numerics.BitOperations.PopCount(value);

        /// <summary>Bits that are set.</summary>
        public static int PopCount(long value) => System.Numerics.BitOperations.PopCount((ulong)value);

        /// <summary>Bits that are set.</summary>
        public static int PopCount(ulong value) => System.Numerics.BitOperations.PopCount(value);

        /// <summary>Zero bits above the highest set one.</summary>
        public static int LeadingZeroCount(int value) => System.Numerics.BitOperations.LeadingZeroCount((uint)value);

        /// <summary>Zero bits above the highest set one.</summary>
        public static int LeadingZeroCount(uint value) => System.Numerics.BitOperations.LeadingZeroCount(value);

        /// <summary>Zero bits above the highest set one.</summary>
        public static int LeadingZeroCount(long value) => System.Numerics.BitOperations.LeadingZeroCount((ulong)value);

        /// <summary>Zero bits above the highest set one.</summary>
        public static int LeadingZeroCount(ulong value) => System.Numerics.BitOperations.LeadingZeroCount(value);

        /// <summary>Zero bits below the lowest set one.</summary>
        public static int TrailingZeroCount(int value) => System.Numerics.BitOperations.TrailingZeroCount((uint)value);

        /// <summary>Zero bits below the lowest set one.</summary>
        public static int TrailingZeroCount(uint value) => System.Numerics.BitOperations.TrailingZeroCount(value);

        /// <summary>Zero bits below the lowest set one.</summary>
        public static int TrailingZeroCount(long value) =>
            System.Numerics.BitOperations.TrailingZeroCount((ulong)value);

        /// <summary>Zero bits below the lowest set one.</summary>
        public static int TrailingZeroCount(ulong value) => System.Numerics.BitOperations.TrailingZeroCount(value);
    }
}
