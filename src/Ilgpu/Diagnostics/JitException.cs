using System.Reflection;

namespace IlgpuDca.Ilgpu.Diagnostics;

/// <summary>
/// A kernel that can't be compiled: <c>JIT0007 RmsNorm.Kernel, IL_0042: what was found.  Fix: what to do.</c>
/// docs/jit.md lists the ids.
/// </summary>
public sealed class JitException : Exception
{
    public JitException(JitError id, MethodBase? method, int ilOffset, string found, string fix)
        : base($"JIT{(int)id:0000} {Place(method, ilOffset)}: {found}  Fix: {fix}")
    {
        Id = id;
        Method = method;
        IlOffset = ilOffset;
    }

    /// <summary>Which rule was broken.</summary>
    public JitError Id { get; }

    public MethodBase? Method { get; }

    public int IlOffset { get; }

    static string Place(MethodBase? method, int ilOffset)
    {
        if (method is null)
            return "kernel";
        string place = $"{method.DeclaringType?.Name}.{method.Name}, IL_{ilOffset:x4}";
        return SourceLines.Find(method, ilOffset) is { } line ? $"{place} ({line})" : place;
    }
}
