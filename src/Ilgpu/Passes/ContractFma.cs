using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>Contracts a·b + c, a·b - c and c - a·b to one fused operation where the product has no other use, for both back ends alike.</summary>
static class ContractFma
{
    public static void Run(KernelFunction function)
    {
        Dictionary<Value, int> uses = new(ReferenceEqualityComparer.Instance);
        foreach (BasicBlock block in function.Blocks)
            foreach (Instruction instruction in block.Instructions)
                foreach (Value operand in instruction.Operands)
                    uses[operand] = uses.GetValueOrDefault(operand) + 1;

        Instruction? Product(Value value) =>
            value is Instruction { Opcode: Opcode.Mul } product && uses[product] == 1 ? product : null;

        foreach (BasicBlock block in function.Blocks)
            for (int k = 0; k < block.Instructions.Count; k++)
            {
                Instruction sum = block.Instructions[k];
                if (!sum.Type.IsFloat || sum.Opcode is not (Opcode.Add or Opcode.Sub))
                    continue;
                Value a = sum.Operands[0], b = sum.Operands[1];
                Value Negated(Value value)
                {
                    Instruction negative = new(Opcode.Neg, value.Type, [value]) { Location = sum.Location };
                    block.Instructions.Insert(k++, negative);
                    return negative;
                }
                Value[]? operands = null;
                if (Product(a) is { } left)
                    operands = [left.Operands[0], left.Operands[1], sum.Opcode == Opcode.Add ? b : Negated(b)];
                else if (Product(b) is { } right)
                    operands = [sum.Opcode == Opcode.Add ? right.Operands[0] : Negated(right.Operands[0]), right.Operands[1], a];
                if (operands is null)
                    continue;
                Instruction fused = new(Opcode.Fma, sum.Type, operands) { Location = sum.Location };
                block.Instructions[k] = fused;
                sum.ReplacedBy = fused;
            }
        function.ApplyReplacements();
        CleanUp.Run(function);
    }
}
