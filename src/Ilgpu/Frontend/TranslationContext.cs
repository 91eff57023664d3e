using System.Reflection;
using System.Runtime.InteropServices;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>What all methods of one kernel share while it is translated.</summary>
sealed class TranslationContext(KernelFunction function, CompileOptions options)
{
    public KernelFunction Function { get; } = function;

    public CompileOptions Options { get; } = options;

    public SsaBuilder Ssa { get; } = new(function);

    readonly Dictionary<FieldInfo, Instruction> _data = [];

    /// <summary>The address of a static readonly array's contents, one copy for the kernel.</summary>
    public Value Data(ConstantArray array)
    {
        if (_data.TryGetValue(array.Field, out Instruction? known))
            return known;
        int size = TypeLayout.Of(array.Data.GetType().GetElementType()!).Size;
        byte[] bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array.Data), array.Data.Length * size).ToArray();
        Instruction data = new(Opcode.ConstantData, IrType.Pointer(AddressSpace.Constant), [], bytes);
        Emitter.PlaceAtEntry(data);
        return _data[array.Field] = data;
    }

    public Emitter Emitter { get => field ??= new Emitter(Ssa); }
}
