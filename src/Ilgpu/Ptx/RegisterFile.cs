using System.Text;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Names virtual registers and declares them: one class for each PTX register type.</summary>
sealed class RegisterFile
{
    static readonly (string Prefix, string Type)[] Classes =
        [("%p", ".pred"), ("%h", ".b16"), ("%r", ".b32"), ("%d", ".b64"), ("%f", ".f32"), ("%fd", ".f64")];

    readonly int[] _counts = new int[Classes.Length];

    /// <summary>A new register for a value of a type.</summary>
    public string New(IrType type) => New(type.Kind switch
    {
        IrKind.Bool => 0,
        IrKind.I32 => 2,
        IrKind.Pointer when type.Space == AddressSpace.Shared => 2,
        IrKind.F32 => 4,
        IrKind.F64 => 5,
        _ => 3,
    });

    /// <summary>A new 16-bit register.</summary>
    public string NewHalf() => New(1);

    string New(int registerClass) => Classes[registerClass].Prefix + _counts[registerClass]++;

    /// <summary>Writes the declarations of all registers handed out.</summary>
    public void Declare(StringBuilder text)
    {
        for (int k = 0; k < Classes.Length; k++)
            if (_counts[k] > 0)
                text.Append("    .reg ").Append(Classes[k].Type).Append(' ').Append(Classes[k].Prefix).Append('<').Append(_counts[k]).Append(">;\n");
    }
}
