"""Worked models, one file each."""

from dlcore.models.attention_maps import attention_maps
from dlcore.models.char_rnn import CharRNN
from dlcore.models.ddpm import DDPM, noise_schedule
from dlcore.models.densenet import DenseBlock, DenseLayer, DenseNet, Transition
from dlcore.models.gan import GAN
from dlcore.models.generative import GenerativeModel
from dlcore.models.gpt import GPT
from dlcore.models.lenet import LeNet
from dlcore.models.mlp import MLP
from dlcore.models.perceptron import Perceptron
from dlcore.models.resnet import ResidualBlock, ResNet
from dlcore.models.sampling import sample_token
from dlcore.models.sentiment import SentimentEncoder
from dlcore.models.separable import DepthwiseSeparable, SeparableNet
from dlcore.models.seq2seq import Seq2Seq
from dlcore.models.sum_mod import SumMod
from dlcore.models.transformer import Transformer
from dlcore.models.vae import VAE, kl_to_standard_normal
from dlcore.models.wgan_gp import WGANGP

__all__ = [
    "DDPM",
    "GAN",
    "GPT",
    "MLP",
    "VAE",
    "WGANGP",
    "CharRNN",
    "DenseBlock",
    "DenseLayer",
    "DenseNet",
    "DepthwiseSeparable",
    "GenerativeModel",
    "LeNet",
    "Perceptron",
    "ResNet",
    "ResidualBlock",
    "SentimentEncoder",
    "SeparableNet",
    "Seq2Seq",
    "SumMod",
    "Transformer",
    "Transition",
    "attention_maps",
    "kl_to_standard_normal",
    "noise_schedule",
    "sample_token",
]
