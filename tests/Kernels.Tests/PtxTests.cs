using System.Diagnostics;
using System.Text.RegularExpressions;
using IlgpuDca.Ilgpu.Ptx;
using Xunit;

namespace IlgpuDca.Kernels.Tests;

/// <summary>The PTX of every kernel, without a GPU: no local memory, no generic addresses, and compiled in time.</summary>
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

    /// <summary>What one model needs, in both modes, compiles in 1 s; the best of three times, for the machine may be shared.</summary>
    [Fact]
    public void KernelsOfAModelCompileInTime()
    {
        KernelInstance[] kernels = [.. s_kernels.Values.Where(kernel => !kernel.IsAttention || kernel.Specialized.Values.Contains(128))];
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            Stopwatch clock = Stopwatch.StartNew();
            foreach (KernelInstance kernel in kernels)
                kernel.Ptx(PtxTarget.Minimum);
            best = clock.Elapsed < best ? clock.Elapsed : best;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{kernels.Length} kernels in {best.TotalMilliseconds:f0} ms");
        Assert.True(best < TimeSpan.FromSeconds(1), $"{kernels.Length} kernels took {best.TotalSeconds:f2} s, expected at most 1 s.");
    }

    [GeneratedRegex(@"\b(ld|st|atom|red)(\.volatile|\.relaxed|\.acquire|\.release|\.weak|\.gpu|\.cta|\.sys)*\.(?!global|shared|param|const|volatile|relaxed|acquire|release|weak|gpu|cta|sys)[a-z0-9.]+ [^;]*;", RegexOptions.CultureInvariant)]
    private static partial Regex GenericAccess();
}
