using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Ptx;

/// <summary>Inline PTX.</summary>
sealed partial class PtxFunctionEmitter
{
    /// <summary>The template with its operands' registers; 16-bit and predicate operands are converted around it.</summary>
    void InlineAssembly(Instruction instruction)
    {
        AsmInfo info = (AsmInfo)instruction.Payload!;
        List<string> registers = [], results = [], after = [];
        int input = 0;
        foreach (AsmOperand operand in info.Operands)
        {
            IrType type = operand.Type.ValueType();
            bool isHalf = operand.Type.Size() < 4 && !operand.IsBool;
            Value? value = operand.Kind == AsmOperandKind.Output ? null : instruction.Operands[input++];
            bool keeps = info.InPlace && operand.Kind == AsmOperandKind.InOut && _accumulators.Keeps(instruction, value!);
            string bound = operand.IsBool ? _registers.New(IrType.Bool) : isHalf ? _registers.NewHalf()
                : operand.Kind == AsmOperandKind.Input || keeps ? Register(value!) : _registers.New(type);
            registers.Add(bound);
            if (value is not null && operand.IsBool)
                Line($"setp.ne.u32 {bound}, {Register(value)}, 0;");
            else if (value is not null && isHalf)
                Line($"cvt.u16.u32 {bound}, {Register(value)};");
            else if (value is not (null or Undefined) && operand.Kind == AsmOperandKind.InOut && !keeps)
                Move(bound, Operand(value), type);
            if (operand.Kind == AsmOperandKind.Input)
                continue;
            string result = operand.IsBool || isHalf ? _registers.New(IrType.I32) : bound;
            results.Add(result);
            if (operand.IsBool)
                after.Add($"selp.u32 {result}, 1, 0, {bound};");
            else if (isHalf)
                after.Add($"cvt.{(operand.Type is MemoryType.I8 or MemoryType.I16 ? "s32.s" : "u32.u")}16 {result}, {bound};");
        }
        _tuples[instruction] = [.. results];
        Line(Substitute(info.Template, registers));
        foreach (string line in after)
            Line(line);
    }

    static string Substitute(string template, List<string> registers)
    {
        System.Text.StringBuilder text = new();
        for (int k = 0; k < template.Length; k++)
        {
            if (template[k] != '%')
            {
                text.Append(template[k]);
                continue;
            }
            if (template[k + 1] == '%')
            {
                text.Append('%');
                k++;
                continue;
            }
            int end = k + 1;
            while (end < template.Length && char.IsAsciiDigit(template[end]))
                end++;
            text.Append(registers[int.Parse(template.AsSpan(k + 1, end - k - 1), System.Globalization.CultureInfo.InvariantCulture)]);
            k = end - 1;
        }
        return text.ToString();
    }
}
