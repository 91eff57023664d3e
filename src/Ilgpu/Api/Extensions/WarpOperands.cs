using System.Runtime.CompilerServices;
using IlgpuDca.Ilgpu.Runtime.Cpu;

namespace IlgpuDca.Ilgpu.Extensions;

/// <summary>The arguments of a warp collective: for each parameter the values of all lanes, side by side.</summary>
public readonly unsafe ref struct WarpOperands
{
    readonly byte* _lanes;
    readonly int _laneCount;

    internal WarpOperands(byte* lanes, int laneCount)
    {
        _lanes = lanes;
        _laneCount = laneCount;
    }

    /// <summary>The lanes' values of one parameter; ref and out parameters are written through the same span.</summary>
    /// <typeparam name="T">The parameter's type, a scalar of 4 or 8 bytes.</typeparam>
    /// <param name="parameterIndex">The parameter, from 0.</param>
    public Span<T> Get<T>(int parameterIndex)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parameterIndex);
        if (Unsafe.SizeOf<T>() is not (sizeof(uint) or sizeof(ulong)))
            throw new NotSupportedException($"A warp collective takes scalars of 4 or 8 bytes, not {typeof(T).Name}.");

        int place = FrameLayout.OperandAt(parameterIndex, Unsafe.SizeOf<T>()) - FrameLayout.OperandOffset;
        return new Span<T>(_lanes + place, _laneCount);
    }
}
