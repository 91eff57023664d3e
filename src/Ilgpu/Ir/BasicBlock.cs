namespace IlgpuDca.Ilgpu.Ir;

/// <summary>Instructions without a branch between them: phis first, then the rest, then the terminator.</summary>
public sealed class BasicBlock(int id)
{
    /// <summary>A number for the printers, unique in its function.</summary>
    public int Id { get; } = id;

    public List<Instruction> Instructions { get; set; } = [];

    public Terminator Terminator { get; set; } = Terminator.Return();

    public IEnumerable<Instruction> Phis => Instructions.TakeWhile(instruction => instruction.IsPhi);

    public override int GetHashCode() => Id;

    public override string ToString() => "b" + Id;
}
