using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>
/// One IL instruction. Operand: a boxed int, long, float or double; a branch target (int, IL offset) or int[] of them;
/// a resolved member, type or string; a variable's number (int); null where the opcode has none.
/// </summary>
readonly record struct IlInstruction(int Offset, int NextOffset, OpCode OpCode, object? Operand);

/// <summary>Decodes a method's IL, resolving tokens with the method's own generic arguments.</summary>
static class IlReader
{
    static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(opCode => opCode.Value);

    public static List<IlInstruction> Read(MethodBase method, byte[] il)
    {
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        Module module = method.Module;

        List<IlInstruction> instructions = [];
        int position = 0;
        while (position < il.Length)
        {
            int offset = position;
            short value = il[position++];
            if (value == 0xFE)
                value = (short)(0xFE00 | il[position++]);
            OpCode opCode = OpCodesByValue[value];

            object? operand = null;
            ReadOnlySpan<byte> rest = il.AsSpan(position);
            int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);
            switch (opCode.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget:
                    operand = position + 1 + (sbyte)rest[0];
                    position += 1;
                    break;
                case OperandType.InlineBrTarget:
                    operand = position + 4 + Int32(rest);
                    position += 4;
                    break;
                case OperandType.ShortInlineI:
                    operand = opCode == OpCodes.Ldc_I4_S ? (sbyte)rest[0] : (int)rest[0];
                    operand = Convert.ToInt32(operand, null);
                    position += 1;
                    break;
                case OperandType.InlineI:
                    operand = Int32(rest);
                    position += 4;
                    break;
                case OperandType.InlineI8:
                    operand = BinaryPrimitives.ReadInt64LittleEndian(rest);
                    position += 8;
                    break;
                case OperandType.ShortInlineR:
                    operand = BinaryPrimitives.ReadSingleLittleEndian(rest);
                    position += 4;
                    break;
                case OperandType.InlineR:
                    operand = BinaryPrimitives.ReadDoubleLittleEndian(rest);
                    position += 8;
                    break;
                case OperandType.ShortInlineVar:
                    operand = (int)rest[0];
                    position += 1;
                    break;
                case OperandType.InlineVar:
                    operand = (int)BinaryPrimitives.ReadUInt16LittleEndian(rest);
                    position += 2;
                    break;
                case OperandType.InlineString:
                    operand = module.ResolveString(Int32(rest));
                    position += 4;
                    break;
                case OperandType.InlineSwitch:
                    int count = Int32(rest);
                    int[] targets = new int[count];
                    int end = position + 4 + 4 * count;
                    for (int k = 0; k < count; k++)
                        targets[k] = end + Int32(rest[(4 + 4 * k)..]);
                    operand = targets;
                    position = end;
                    break;
                case OperandType.InlineSig:
                    position += 4;
                    break;
                default:
                    operand = module.ResolveMember(Int32(rest), typeArguments, methodArguments);
                    position += 4;
                    break;
            }
            instructions.Add(new IlInstruction(offset, position, opCode, operand));
        }
        return instructions;
    }
}
