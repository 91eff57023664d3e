using System.Reflection.Emit;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>Where the code of a thread finds things: what the region around it has set up.</summary>
abstract class ThreadPlaces
{
    /// <summary>The local of a variable.</summary>
    public abstract LocalBuilder Local(Variable variable);

    /// <summary>The local of a parameter, or of a value that is the same for the whole group.</summary>
    public abstract LocalBuilder Uniform(Value value);

    /// <summary>Where a block of the same region begins.</summary>
    public abstract Label LabelOf(BasicBlock block);

    /// <summary>Pushes the thread's index in its group, or its lane.</summary>
    public abstract void PushThreadIndex(SpecialRegister register);

    /// <summary>Pushes a register that is the same for the whole group.</summary>
    public abstract void PushUniformRegister(SpecialRegister register);

    /// <summary>Pushes an address in the group's shared memory.</summary>
    public abstract void PushShared(int offset);

    /// <summary>Pushes an address in the thread's local memory.</summary>
    public abstract void PushLocalMemory(int offset);

    /// <summary>Pushes who comes to an instruction: the group's context, the lane, the number of the place.</summary>
    public abstract void PushCaller(Instruction instruction);

    /// <summary>Throws for an index (long) that is not below a length (long).</summary>
    public abstract void EmitIndexError(Instruction check, LocalBuilder index, LocalBuilder length);
}
