namespace IlgpuDca.Ilgpu.Diagnostics;

/// <summary>The rules that a kernel must keep. The number is printed as JIT0001 and so on, and never changes its meaning.</summary>
public enum JitError
{
    /// <summary>A method calls itself, directly or through others: every call is inlined.</summary>
    Recursion = 1,
    /// <summary>A reference type: a class, a string, an array that is not static readonly, a box.</summary>
    ReferenceType = 2,
    /// <summary>throw, try, catch, finally.</summary>
    Exception = 3,
    /// <summary>A call whose target is known only at run time: virtual, interface, delegate, function pointer.</summary>
    VirtualCall = 4,
    /// <summary>An IL instruction that has no meaning in a kernel.</summary>
    UnsupportedInstruction = 5,
    /// <summary>A method without IL: extern, or implemented by the runtime.</summary>
    NoBody = 6,
    /// <summary>A framework or API method without a form in kernels.</summary>
    NoDeviceForm = 7,
    /// <summary>The extent of SharedMemory.Allocate or LocalMemory.Allocate is not a constant.</summary>
    ExtentNotConstant = 8,
    /// <summary>A static field that may change.</summary>
    MutableStatic = 9,
    /// <summary>A ref that names different locals on different paths.</summary>
    MergedReference = 10,
    /// <summary>The kernel's signature: not static, returns a value, a parameter that is no value type.</summary>
    Signature = 11,
    /// <summary>Inline PTX: the text is not a constant, an operand is no scalar, an operand is missing.</summary>
    InlineAssembly = 12,
    /// <summary>A struct that can't be flattened: explicit offsets, fixed buffers.</summary>
    StructLayout = 13,
    /// <summary>A view or a ref is stored to or loaded from memory.</summary>
    ReferenceInMemory = 14,
    /// <summary>stackalloc, spans, unmanaged pointers to locals.</summary>
    StackMemory = 15,
    /// <summary>Shared memory or a barrier in an implicitly grouped kernel.</summary>
    ImplicitGrouping = 16,
    /// <summary>A double-precision function that GPUs have no instruction for.</summary>
    DoubleFunction = 17,
    /// <summary>Inline PTX reached while compiling for the CPU.</summary>
    AssemblyOnCpu = 18,
    /// <summary>An operation of Hopper's units: a size, a register count or the sums' length that is not a constant it can take.</summary>
    HopperOperand = 19,
}
