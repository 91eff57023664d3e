using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Tests.Ptx;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Passes;

/// <summary>What each pass must do, and must leave alone. That results stay right is the conformance and differential tests' part.</summary>
public class PassTests
{
    readonly record struct Quad(float A, float B, float C, float D);

    static KernelFunction Compile(Delegate kernel, CompileTarget target = CompileTarget.Cuda) =>
        KernelCompiler.Compile(kernel.Method, new CompileOptions(target) { Verify = true });

    static string Ptx(Delegate kernel) => PtxModule.Emit(Compile(kernel), PtxTarget.Minimum);

    static int Count(KernelFunction function, Opcode opcode) => function.Instructions.Count(instruction => instruction.Opcode == opcode);

    [Fact]
    public void AConstantLoopIsWrittenOut()
    {
        KernelFunction function = Compile(void (ArrayView<int> r) =>
        {
            for (int k = 0; k < 5; k++)
                r[k] = k * k;
        });
        Assert.Single(function.Blocks);
        Assert.Equal(5, Count(function, Opcode.Store));
        Assert.Equal([0, 1, 4, 9, 16], function.Instructions.Where(i => i.Opcode == Opcode.Store).Select(i => (int)((Constant)i.Operands[1]).Bits));
    }

    [Fact]
    public void ALoopWithABreakIsWrittenOutAndItsValueArrives()
    {
        KernelFunction function = Compile(void (ArrayView<int> r) =>
        {
            int k;
            for (k = 0; k < 4; k++)
                if (r[k] == 7)
                    break;
            r[0] = k;
        });
        Assert.Equal(4, Count(function, Opcode.Load));
        Instruction phi = Assert.Single(function.Instructions, i => i.Opcode == Opcode.Phi);
        Assert.Equal([0, 1, 2, 3, 4], Chosen(phi).Order());

        // A branch that only chooses is a select: the last iteration's value and the one after the loop.
        static IEnumerable<int> Chosen(Value value) => value switch
        {
            Constant constant => [(int)constant.Bits],
            Instruction { Opcode: Opcode.Select } select => select.Operands.Skip(1).SelectMany(Chosen),
            Instruction { Opcode: Opcode.Phi } phi => phi.Operands.SelectMany(Chosen),
            _ => throw new InvalidOperationException($"{value} is no choice of constants."),
        };
    }

    [Fact]
    public void ALoopWithAVariableBoundStays() => Assert.True(Compile(void (ArrayView<int> r, int n) =>
    {
        for (int k = 0; k < n; k++)
            r[k] = k;
    }).Blocks.Count > 1);

    [Fact]
    public void ALocalArrayOfMixedTypesLivesInRegisters()
    {
        KernelFunction function = Compile(void (ArrayView<int> r) =>
        {
            ArrayView<float> x = LocalMemory.Allocate<float>(4);
            ArrayView<int> bits = x.Cast<int>();
            for (int k = 0; k < 4; k++)
                bits[k] = r[k];
            r[0] = (int)(x[0] + x[3]);
        });
        Assert.Equal(0, Count(function, Opcode.Alloca));
        Assert.Equal(2, Count(function, Opcode.Bitcast));
    }

    [Fact]
    public void ALocalArrayOfBytesLivesInRegisters()
    {
        KernelFunction function = Compile(void (ArrayView<int> r) =>
        {
            ArrayView<byte> x = LocalMemory.Allocate<byte>(2);
            x[0] = (byte)r[0];
            x[0]++;
            r[1] = x[0];
        });
        Assert.Equal(0, Count(function, Opcode.Alloca));
        Assert.True(Count(function, Opcode.ZeroExtend8) > 0);
    }

    [Fact]
    public void ALocalArrayReadInTwoWidthsStaysInMemory() => Assert.Equal(1, Count(Compile(void (ArrayView<int> r) =>
    {
        ArrayView<long> x = LocalMemory.Allocate<long>(1);
        x[0] = r[0];
        r[1] = x.Cast<int>()[1];
    }), Opcode.Alloca));

    [Fact]
    public void APhiOfSharedPointersIsShared()
    {
        string text = Ptx(void (ArrayView<int> r) =>
        {
            ArrayView<int> a = SharedMemory.Allocate<int>(32), b = SharedMemory.Allocate<int>(32);
            for (int k = 0; k < r[0]; k++)
            {
                a[Group.IdxX] = b[k];
                (a, b) = (b, a);
            }
            r[1] = a[3];
        });
        Assert.Empty(PtxReader.Read(text).GenericAccesses);
        Assert.Contains("ld.shared.u32", text, StringComparison.Ordinal);
    }

    [Fact]
    public void APointerIntoTwoMemoriesIsGeneric() => Assert.NotEmpty(PtxReader.Read(Ptx(void (ArrayView<int> r) =>
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(32);
        shared[Group.IdxX] = 1;
        Group.Barrier();
        ArrayView<int> either = r[0] > 0 ? shared : r;
        r[1] = either[3];
    })).GenericAccesses);

    [Fact]
    public void AStructOf16BytesMovesAtOnce()
    {
        string text = Ptx(void (ArrayView<Quad> a, ArrayView<Quad> r) => r[Group.IdxX] = a[Group.IdxX]);
        Assert.Contains("ld.global.v4.f32", text, StringComparison.Ordinal);
        Assert.Contains("st.global.v4.f32", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NeighboursOfUnknownAlignmentStayApart()
    {
        string text = Ptx(void (ArrayView<float> a, ArrayView<float> r, int i) => r[0] = a[i] + a[i + 1] + a[i + 2] + a[i + 3]);
        Assert.DoesNotContain(".v2", text, StringComparison.Ordinal);
        Assert.DoesNotContain(".v4", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadsAreNotMergedAcrossAStore()
    {
        string text = Ptx(void (ArrayView<float> a, ArrayView<float> r) =>
        {
            ArrayView<float> four = a.AsAligned(16);
            float first = four[0];
            r[0] = first;
            r[1] = four[1];
        });
        Assert.DoesNotContain(".v2.f32 {", text.Replace("st.global", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void StoresOfTwoWidthsKeepTheirOrder()
    {
        string text = Ptx(void (ArrayView<int> r) =>
        {
            ArrayView<int> words = r.AsAligned(16);
            ArrayView<long> pairs = words.Cast<long>();
            pairs[0] = 1;
            words[1] = 7;
            pairs[1] = 2;
        });
        Assert.DoesNotContain("st.global.v2.u64", text, StringComparison.Ordinal);
    }

    [Fact]
    public void APlaceIsLoadedOnceUntilItMayHaveChanged()
    {
        Assert.Equal(1, Count(Compile(void (ArrayView<int> a, ArrayView<int> r) => r[0] = a[3] * a[3]), Opcode.Load));
        Assert.Equal(2, Count(Compile(void (ArrayView<int> a, ArrayView<int> r) =>
        {
            r[0] = a[3];
            r[1] = a[3];
        }), Opcode.Load));
        Assert.Equal(2, Count(Compile(void (ArrayView<int> a, ArrayView<int> r) =>
        {
            int before = a[3];
            Group.Barrier();
            r[1] = a[3] - before;
        }), Opcode.Load));
    }

    [Fact]
    public void EqualExpressionsAreComputedOnceAndLoadsOfOtherPlacesAreNot()
    {
        KernelFunction function = Compile(void (ArrayView<int> r, int x, int y) => r[0] = (x * y + 3) ^ (x * y + 5));
        Assert.Equal(1, Count(function, Opcode.Mul));
    }

    [Fact]
    public void AProductAndASumBecomeOneRounding()
    {
        Assert.Contains("fma.rn.f32", Ptx(void (ArrayView<float> r, float x, float y) => r[0] = x * y + r[1]), StringComparison.Ordinal);
        string shared = Ptx(void (ArrayView<float> r, float x, float y) =>
        {
            float product = x * y;
            r[0] = product + r[1];
            r[2] = product;
        });
        Assert.DoesNotContain("fma", shared, StringComparison.Ordinal);
    }

    [Fact]
    public void ConstantOffsetsStandInTheInstruction()
    {
        string text = Ptx(void (ArrayView<float> a, ArrayView<float> r, long i) => r[i] = a[i + 1] * a[i + 2]);
        Assert.Matches(@"ld\.global\.f32 %f\d+, \[%d\d+\+4\]", text);
        Assert.Matches(@"ld\.global\.f32 %f\d+, \[%d\d+\+8\]", text);
    }

    [Fact]
    public void A32BitIndexThatMayWrapKeepsItsSum()
    {
        // Offsets come out of 32-bit sums in shared memory only, where addresses wrap alike.
        string text = Ptx(void (ArrayView<float> a, ArrayView<float> r, int i) => r[0] = a[i + 1]);
        Assert.DoesNotMatch(@"ld\.global\.f32 %f\d+, \[%d\d+\+4\]", text);
    }

    [Fact]
    public void TheIrPrintsAsText()
    {
        KernelFunction function = Compile(PrintedKernel, CompileTarget.Cuda);
        Assert.Equal("""
            kernel PassTests_PrintedKernel(%r.Pointer ptr.global, %r.Length i64, %scale i32)
            b0:
                v0 : i32 = special  ; groupidxx
                v1 : bool = compare v0, 4  ; greaterorequal
                branch v1 -> b3, b2
            b2:
                v2 : i64 = zeroextend v0
                v3 : i64 = shl v2, 2
                v4 : ptr.global = pointeradd %r.Pointer, v3
                v5 : i32 = mul v0, %scale
                store v4, v5  ; i32 x1 align 4
                jump -> b3
            b3:
                return

            """, Printer.Print(function), ignoreLineEndingDifferences: true);
    }

    static void PrintedKernel(ArrayView<int> r, int scale)
    {
        if (Group.IdxX < 4)
            r[Group.IdxX] = Group.IdxX * scale;
    }
}
