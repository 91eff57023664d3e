namespace ILGPU;

/// <summary>The answer of kernel-only members when they are called as plain C#.</summary>
static class InsideKernel
{
    /// <summary>The exception for a member that has no meaning outside a kernel.</summary>
    /// <param name="member">Its name, such as Grid.IdxX.</param>
    public static InvalidOperationException Only(string member) =>
        new($"{member} is available inside a kernel only; load the method with LoadKernel and launch it.");
}
