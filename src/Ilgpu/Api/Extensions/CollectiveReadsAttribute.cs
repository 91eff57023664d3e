namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>
/// Says of a host routine of a <see cref="WarpCollectiveAttribute"/> that it reads memory at each lane's address, so that races with
/// its reads are found.
/// </summary>
/// <param name="parameter">The parameter that is the address, from 0.</param>
/// <param name="bytes">How many bytes there.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CollectiveReadsAttribute(int parameter, int bytes) : Attribute
{
    /// <summary>The parameter that is the address, from 0.</summary>
    public int Parameter { get; } = parameter;

    /// <summary>How many bytes each lane's address is read from.</summary>
    public int Bytes { get; } = bytes;
}
