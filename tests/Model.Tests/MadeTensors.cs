using System.Buffers.Binary;
using System.Text;
using IlgpuDca.Loader;

namespace IlgpuDca.Model.Tests;

/// <summary>A safetensors file in memory with random tensors of one dimension.</summary>
sealed class MadeTensors : IDisposable
{
    readonly SafetensorsFile _file;

    public MadeTensors(params (TensorType Type, int Elements)[] tensors)
    {
        StringBuilder header = new("{");
        int begin = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            int end = begin + tensors[i].Elements * tensors[i].Type.Bits() / 8;
            header.Append($"{(i > 0 ? "," : "")}\"{i}\":{{\"dtype\":\"{tensors[i].Type}\",\"shape\":[{tensors[i].Elements}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        byte[] bytes = new byte[8 + json.Length + begin];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        new Random(begin).NextBytes(bytes.AsSpan(8 + json.Length));
        _file = SafetensorsFile.Open(FileBytes.From("made", bytes));
    }

    public WeightTensor this[int index] => _file.Find($"{index}")!;

    public void Dispose() => _file.Dispose();
}
