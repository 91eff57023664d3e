using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Extensions;

namespace IlgpuDca.Kernels.Hopper;

/// <summary>The maps of matrices that were multiplied before: the driver takes microseconds for one.</summary>
sealed class TensorMaps(Accelerator accelerator)
{
    /// <summary>Maps that are kept; a model has some hundred weights, a slice's sizes vary.</summary>
    const int MostMaps = 4096;

    readonly Dictionary<Key, TensorMap> _maps = [];

    /// <summary>
    /// A matrix [rows, columns] with rows pitch elements apart; its boxes' rows are a swizzle's, or there is one.
    /// </summary>
    public TensorMap Of<T>(ArrayView<T> view, int rows, int columns, int pitch, int boxColumns, int boxRows)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        Key key = new(view.LoadEffectiveAddressAsPtr(), size, rows, columns, pitch, boxColumns, boxRows);
        if (_maps.TryGetValue(key, out TensorMap map))
            return map;
        if (_maps.Count == MostMaps)
            _maps.Clear();
        SharedSwizzle swizzle = (boxColumns * size) switch
        {
            _ when boxRows == 1 => SharedSwizzle.None,
            32 => SharedSwizzle.Bytes32,
            64 => SharedSwizzle.Bytes64,
            128 => SharedSwizzle.Bytes128,
            int other => throw new ArgumentException($"A box's rows have {other} bytes; 32, 64 and 128 are swizzled."),
        };
        int[] box = [boxColumns, boxRows];
        return _maps[key] = TensorMap.Create(accelerator, view, [columns, rows], [pitch], box, swizzle);
    }

    readonly record struct Key(nint Address, int Size, int Rows, int Columns, int Pitch, int BoxColumns, int BoxRows);
}
