using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Passes;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Passes;

/// <summary>Folding at the edges that docs/jit.md defines.</summary>
public class ConstantFolderTests
{
    [Theory]
    [InlineData(Opcode.DivS, 7, 0, -1)]
    [InlineData(Opcode.DivU, 7, 0, -1)]
    [InlineData(Opcode.RemS, 7, 0, 7)]
    [InlineData(Opcode.RemU, -7, 0, -7)]
    [InlineData(Opcode.DivS, int.MinValue, -1, int.MinValue)]
    [InlineData(Opcode.RemS, int.MinValue, -1, 0)]
    [InlineData(Opcode.DivS, -7, 2, -3)]
    [InlineData(Opcode.DivU, -8, 4, 0x3ffffffe)]
    [InlineData(Opcode.Shl, 1, 33, 2)]
    [InlineData(Opcode.ShrS, -8, 33, -4)]
    [InlineData(Opcode.ShrU, -8, 33, 0x7ffffffc)]
    [InlineData(Opcode.MulHighU, -1, -1, -2)]
    [InlineData(Opcode.MulHighS, -1, -1, 0)]
    public void Integers(Opcode opcode, int a, int b, int expected) =>
        Assert.Equal((uint)expected, ConstantFolder.Fold(opcode, IrType.I32, [Constant.Int(a), Constant.Int(b)], null)!.Bits);

    [Theory]
    [InlineData(float.NaN, 0, 0u)]
    [InlineData(3e9f, int.MaxValue, 3_000_000_000u)]
    [InlineData(-3e9f, int.MinValue, 0u)]
    [InlineData(5e9f, int.MaxValue, uint.MaxValue)]
    [InlineData(-1.9f, -1, 0u)]
    public void FloatsToIntegers(float x, int signed, uint unsigned)
    {
        Assert.Equal((uint)signed, ConstantFolder.Fold(Opcode.FloatToInt, IrType.I32, [Constant.Float(x)], null)!.Bits);
        Assert.Equal(unsigned, ConstantFolder.Fold(Opcode.FloatToUInt, IrType.I32, [Constant.Float(x)], null)!.Bits);
    }

    [Fact]
    public void ApproximatedFunctionsAreNotFolded() =>
        Assert.Null(ConstantFolder.Fold(Opcode.Exp2, IrType.F32, [Constant.Float(1)], null));
}
