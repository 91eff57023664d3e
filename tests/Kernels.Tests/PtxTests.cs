using System.Text.RegularExpressions;
using IlgpuDca.Ilgpu.Ptx;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The PTX of every kernel, without a GPU: no local memory and no generic addresses.</summary>
public partial class PtxTests
{
    static readonly Dictionary<string, KernelInstance> s_kernels = KernelInstance.All.ToDictionary(kernel => kernel.ToString());

    public static TheoryData<string> Names => [.. s_kernels.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AddressesOnlyKnownSpaces(string name)
    {
        string ptx = s_kernels[name].Ptx(PtxTarget.Minimum);
        Assert.Contains(".visible .entry", ptx, StringComparison.Ordinal);
        Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
        Match generic = GenericAccess().Match(ptx);
        Assert.False(generic.Success, $"{name} accesses a generic address: {generic.Value}");
    }

    [Fact]
    public void AccessPatternFindsGenericAddresses()
    {
        Assert.Matches(GenericAccess(), "\tld.f32 %f1, [%rd1];\n");
        Assert.Matches(GenericAccess(), "\tst.v4.u32 [%rd1], {%r1, %r2, %r3, %r4};\n");
        Assert.Matches(GenericAccess(), "\tatom.add.u64 %rd1, [%rd2], %rd3;\n");
        Assert.DoesNotMatch(GenericAccess(), "\tld.global.nc.v4.u32 {%r1}, [%rd1];\n\tld.param.u64 %rd1, [p0];\n\tst.shared.f32 [%r1], %f1;\n\tatom.shared.add.u64 %rd1, [%r2], %rd3;\n");
    }

    [GeneratedRegex(@"\b(ld|st|atom|red)(\.volatile|\.relaxed|\.acquire|\.release|\.weak|\.gpu|\.cta|\.sys)*\.(?!global|shared|param|const|volatile|relaxed|acquire|release|weak|gpu|cta|sys)[a-z0-9.]+ [^;]*;", RegexOptions.CultureInvariant)]
    private static partial Regex GenericAccess();
}
