using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Ilgpu.Tests.Conformance;
using IlgpuDca.Verification.Conformance;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Ptx;

/// <summary>The PTX of every conformance kernel, read back.</summary>
public class PtxTests
{
    /// <summary>Kernels whose local arrays are indexed by data: these need memory.</summary>
    static readonly HashSet<string> NeedLocalMemory =
    [
        "local array, indices of a data-dependent value", "struct of mixed widths in local memory",
        "local array of longs, halves read", "ref to an element chosen by a condition",
    ];

    public static TheoryData<string> Names => [.. ConformanceChecks.Cases.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWellFormed(string name)
    {
        ConformanceCase kernel = ConformanceChecks.Cases.First(kernel => kernel.Name == name);
        string text = PtxModule.Emit(ConformanceTests.Compile(kernel, new CompileOptions(CompileTarget.Cuda)), PtxTarget.Minimum);
        PtxReader ptx = PtxReader.Read(text);
        Assert.True(ptx.Problems.Count == 0, string.Join('\n', [.. ptx.Problems, text]));
        Assert.True(ptx.GenericAccesses.Count == 0, string.Join('\n', [.. ptx.GenericAccesses, text]));
        Assert.True(ptx.UsesLocalMemory == NeedLocalMemory.Contains(name), $"local memory: {ptx.UsesLocalMemory}\n{text}");
    }

    /// <summary>ptxas divides by a constant as by any number.</summary>
    [Theory]
    [InlineData("int divide by 8", "add.s32", "shr.s32")]
    [InlineData("int remainder by 16", "add.s32", "and.b32")]
    [InlineData("long divide by 1 << 40", "add.s64", "shr.s64")]
    [InlineData("long remainder by 64", "add.s64", "and.b64")]
    public void PowersOfTwoAreNotDividedBy(string name, params string[] instructions)
    {
        ConformanceCase kernel = ConformanceChecks.Cases.First(kernel => kernel.Name == name);
        string text = PtxModule.Emit(ConformanceTests.Compile(kernel, new CompileOptions(CompileTarget.Cuda)), PtxTarget.Minimum);
        Assert.DoesNotContain("div.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rem.", text, StringComparison.Ordinal);
        Assert.All(instructions, instruction => Assert.Contains(instruction, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("add.s32 %r0, %r1, %r9;", "not declared")]
    [InlineData("add.f32 %f0, %f0, %r1;", "not .f32")]
    [InlineData("add.s64 %d0, %d0, %r1;", "not .s64")]
    [InlineData("setp.eq.s32 %r0, %r1, 0;", "not .pred")]
    [InlineData("@%r0 bra b0;", "not .pred")]
    [InlineData("bra b7;", "no label")]
    [InlineData("ld.global.f32 %f0, [%r0];", "not .u64")]
    [InlineData("st.global.v2.f32 [%d0+8], {%f0, %r1};", "not .f32")]
    [InlineData("mul.wide.u32 %r0, %r1, 4;", "not .u64")]
    [InlineData("shl.b64 %d0, %d0, %d0;", "not .u32")]
    public void ReaderFindsMistakes(string statement, string problem)
    {
        PtxReader ptx = PtxReader.Read($$"""
            .visible .entry k()
            {
                .reg .pred %p<1>;
                .reg .b32 %r<2>;
                .reg .b64 %d<1>;
                .reg .f32 %f<1>;
            b0:
                {{statement}}
                ret;
            }
            """);
        Assert.Contains(problem, Assert.Single(ptx.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void ReaderReportsGenericAndLocalAccesses()
    {
        PtxReader ptx = PtxReader.Read("{\n.reg .b64 %d<1>;\n.reg .b32 %r<1>;\n.local .align 4 .b8 x[8];\nld.u32 %r0, [%d0];\nret;\n}\n");
        Assert.Empty(ptx.Problems);
        Assert.Single(ptx.GenericAccesses);
        Assert.True(ptx.UsesLocalMemory);
    }
}
