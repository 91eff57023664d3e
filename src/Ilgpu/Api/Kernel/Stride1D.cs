namespace ILGPU;

/// <summary>The strides of one-dimensional views.</summary>
public static class Stride1D
{
    /// <summary>Elements lie side by side.</summary>
    public readonly struct Dense : IStride1D
    {
        /// <summary>1.</summary>
        public int XStride => 1;

        /// <summary>The element of an index.</summary>
        public int ComputeElementIndex(Index1D index) => index.X;

        /// <summary>The element of an index.</summary>
        public long ComputeElementIndex(LongIndex1D index) => index.X;

        /// <summary>Elements that an extent needs.</summary>
        public int ComputeBufferLength(Index1D extent) => extent.X;

        /// <summary>Elements that an extent needs.</summary>
        public long ComputeBufferLength(LongIndex1D extent) => extent.X;

        public override string ToString() => "1";
    }
}
