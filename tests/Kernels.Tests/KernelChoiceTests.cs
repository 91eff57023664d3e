using Xunit;

namespace IlgpuDca.Kernels.Tests;

public class KernelChoiceTests
{
    [Theory]
    [InlineData("ILGPUDCA_MATMUL", "foo")]
    [InlineData("ILGPUDCA_ATTENTION", "MMA")]
    public void UnknownKernelsAreNamedWithTheirVariable(string variable, string value)
    {
        string? fault = KernelChoice.Fault(name => name == variable ? value : null);
        Assert.StartsWith($"{variable} is '{value}'; it can be 'mma'", fault);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mma")]
    public void KnownOnesAreTaken(string? value) => Assert.Null(KernelChoice.Fault(_ => value));
}
